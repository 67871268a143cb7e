// The proof of a secret key that only tests have.
import { proofWith } from '../../src/store/proof.ts'

export const testProof = proofWith(new Uint8Array(32).fill(7))
