/** The public library. */
export {
  defineTool,
  type Tool,
  type ToolContext,
  type ToolDefinition,
  ToolError,
  type ToolExample,
} from '../tools/tool.js';
export type { ApprovalHandler, ApprovalRequest } from './approval.js';
export type { Answer, AnswerCall, Chat } from './chat.js';
export type { Conversation } from './conversation.js';
export type { Engine, EngineInfo, Opening, Sampling, Scores, Sequence, Step, TokenMask } from './engine/engine.js';
export type { AnswerOptions, ChatOptions, LoadOptions, TurnOptions } from './options.js';
export type { FinishPart, FinishReason, StreamPart, Timing, ToolErrorPart, ToolResultPart, Usage } from './parts.js';
export { Toolformer } from './toolformer.js';
