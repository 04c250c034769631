// Checks in a thread of its own, so that the page stays alive. Gets {where} for an install, or
// {name, files: [[path, File]]}, or {name, zip: File}; and {seen, given}. Sends {line}, {key},
// {done, of} and at last {kind, said, seen, isSigned}.

import { placeOf } from './picked.js';
import { Unreadable, Wrong, say } from './said.js';
import { canCheckSignatures, signatureHolds } from './signed.js';
import { checkEverything } from './run.js';

const SHOWN_EVERY = 100; // milliseconds

self.addEventListener('message', async ({ data }) => {
  const isSigned = await canCheckSignatures();
  let shown = 0;
  const options = {
    seen: data.seen,
    given: data.given,
    check: isSigned ? signatureHolds : async () => true,
    line: (line) => self.postMessage({ line }),
    key: (key) => self.postMessage({ key }),
    tell: async (done, of) => {
      if (Date.now() - shown < SHOWN_EVERY) return;
      shown = Date.now();
      self.postMessage({ done, of });
    },
  };
  try {
    const seen = await checkEverything(await placeOf(data), options);
    self.postMessage({ kind: 'right', seen, isSigned });
  } catch (fault) {
    if (fault instanceof Wrong) self.postMessage({ kind: 'wrong', said: fault.said });
    else if (fault instanceof Unreadable) self.postMessage({ kind: 'unreadable', said: fault.said });
    else {
      const said = say('This page met a fault of its own: %(why)s', { why: String(fault) });
      self.postMessage({ kind: 'unreadable', said });
    }
  }
});
