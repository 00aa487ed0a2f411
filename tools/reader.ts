/** Steps through the pieces that a text was cut into. Knows what follows the last; no text and no grammar. */
export class Reader<Piece> {
  protected position = 0;

  /** @param end stands wherever there is no piece */
  constructor(
    protected readonly pieces: readonly Piece[],
    private readonly end: Piece,
  ) {}

  protected next(offset = 0): Piece {
    return this.pieces[this.position + offset] ?? this.end;
  }

  protected take(): Piece {
    const piece = this.next();
    this.position += 1;
    return piece;
  }
}
