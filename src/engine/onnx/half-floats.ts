/**
 * Half floats go to and from the runtime as bits (Uint16Array), on every Node. Where there is a Float16Array (Node 24),
 * onnxruntime-common takes that instead, and the binding reads its length as 0
 * (https://github.com/microsoft/onnxruntime/pull/32323). It looks for the class once, when the first tensor is made: here.
 */
import './telemetry.js';

import { Tensor } from 'onnxruntime-node';

const hidden = Object.getOwnPropertyDescriptor(globalThis, 'Float16Array');
if (hidden !== undefined) {
  Reflect.deleteProperty(globalThis, 'Float16Array');
  new Tensor('float16', new Uint16Array(0), [0]);
  Object.defineProperty(globalThis, 'Float16Array', hidden);
}
