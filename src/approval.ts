/** Asking the user before a tool runs. */
import type { StreamPart } from './parts.js';

export type ApprovalRequest = Extract<StreamPart, { type: 'tool-approval-request' }>;
export type ApprovalHandler = (request: ApprovalRequest) => Promise<boolean> | boolean;
