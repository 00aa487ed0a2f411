/** The tree of an expression. */

export type BinaryOperator = '+' | '-' | '*' | '/' | '^' | 'mod';

export type Node =
  | { kind: 'number'; value: string }
  | { kind: 'negative'; operand: Node }
  | { kind: 'percent'; operand: Node }
  | { kind: 'factorial'; operand: Node }
  | { kind: 'binary'; operator: BinaryOperator; left: Node; right: Node }
  | { kind: 'call'; name: string; operands: Node[] }
  | { kind: 'quantity'; value: Node; unit: string }
  | { kind: 'conversion'; operand: Node; unit: string; shown: string };
