/** Public exports of `toolformer/tools`, nothing else. */
import { calculator } from './calculator.js';
import { type CalendarOptions, calendar } from './calendar.js';
import { refuseUnknown, type Tool } from './tool.js';
import { type TranslatorOptions, translator } from './translator.js';

export {
  defineTool,
  type Tool,
  type ToolContext,
  type ToolDefinition,
  ToolError,
  type ToolExample,
  type ToolOutput,
} from './tool.js';
export { apertium } from './translator/apertium.js';
export { google } from './translator/google.js';
export { libretranslate } from './translator/libretranslate.js';
export { ServiceError, type TranslationProvider, type TranslationRequest } from './translator/provider.js';
export { translationProviders } from './translator.js';
export { type CalendarOptions, calculator, calendar, type TranslatorOptions, translator };

/** The tools an agent has unless it is given others; fresh ones at each call. */
export function defaultTools(options: { translator?: TranslatorOptions; calendar?: CalendarOptions } = {}): Tool[] {
  refuseUnknown(options, ['translator', 'calendar']);
  return [calculator(), translator(options.translator), calendar(options.calendar)];
}
