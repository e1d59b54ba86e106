import {
  type ByteReader,
  type ByteWriter,
  beginFrame,
  endFrame,
  FRAME_TYPE,
  type FrameType,
} from '@aero/codec'
import { writeResult } from '../reply.ts'
import { RESULT } from '../result-code.ts'
import { answerInfo } from './info.ts'
import type { InfoContext } from './info-context.ts'
import { answerMessage, type MessageContext } from './message.ts'
import type { PendingAnswer } from './pending-answer.ts'

/** Bytes of the reply to a security command: the result in the second, nothing else. */
const ADMIN_REPLY_BYTES = 16

/** What a frame can be answered with. */
export interface FrameContext {
  readonly message: MessageContext
  info(): InfoContext
}

/** Answers one frame, by its type. Returns the rest of the answer when it is one in pieces. */
export function answerFrame(
  context: FrameContext,
  type: FrameType,
  body: ByteReader,
  out: ByteWriter,
): PendingAnswer | undefined {
  context.message.pending = undefined
  switch (type) {
    case FRAME_TYPE.message:
      answerMessage(context.message, body, out)
      break
    case FRAME_TYPE.info:
      answerInfo(context.info(), body, out)
      break
    case FRAME_TYPE.admin:
      writeAdminRefusal(out)
      break
    case FRAME_TYPE.compressed:
      // Compression is for Enterprise; the refusal comes as a plain message.
      writeResult(out, RESULT.enterpriseOnly)
  }
  return context.message.pending
}

/** Users and logins are for Enterprise. */
function writeAdminRefusal(out: ByteWriter): void {
  const mark = beginFrame(out, FRAME_TYPE.admin)
  const start = out.reserve(ADMIN_REPLY_BYTES)
  out.bytes.fill(0, start, start + ADMIN_REPLY_BYTES)
  out.bytes[start + 1] = RESULT.securityNotSupported
  endFrame(out, mark)
}
