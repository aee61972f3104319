import { DefaultFailureConverter, type FailureConverter } from '@temporalio/common';
import { encodesFailures } from './payload-converter.ts';

const plain = new DefaultFailureConverter();
const encoding = new DefaultFailureConverter({ encodeCommonAttributes: true });

/** Temporal's own converter; where payloads are encrypted, messages and stacks become payloads too. */
export const failureConverter: FailureConverter = {
  errorToFailure: (error, converter, context) =>
    (encodesFailures() ? encoding : plain).errorToFailure(error, converter, context),
  failureToError: (failure, converter, context) => plain.failureToError(failure, converter, context),
};
