/**
 * Keeps what is done on this machine on this machine: from version 1.29 on, onnxruntime reports every session to Microsoft
 * and leaves an identifier in the user's cache, unless this variable is set before it is loaded
 * (https://github.com/microsoft/onnxruntime/pull/27379). To be imported before onnxruntime-node, and where its thread or
 * process is started: a worker thread has but a copy of the environment, which native code does not see.
 */
process.env.ORT_DISABLE_TELEMETRY ??= '1';
