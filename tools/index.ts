/** Public exports of `toolformer/tools`, nothing else. */
export { calculator } from './calculator.js';
export {
  defineTool,
  type Tool,
  type ToolContext,
  type ToolDefinition,
  ToolError,
  type ToolExample,
  type ToolOutput,
} from './tool.js';
