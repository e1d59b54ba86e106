import { type ByteReader, type ByteWriter, FRAME_TYPE, type FrameType, INFO1 } from '@aero/codec'
import { REPLY_LAST, writeResult } from '../reply.ts'
import { RESULT, type ResultCode } from '../result-code.ts'
import type { Guard } from '../security/guard.ts'
import { answerAdmin } from './admin.ts'
import { answerInfo, refuseInfo } from './info.ts'
import type { InfoContext } from './info-context.ts'
import { answerMessage, type MessageContext } from './message.ts'
import type { PendingAnswer } from './pending-answer.ts'

const INFO1_OFFSET = 1

/** What a frame can be answered with. */
export interface FrameContext {
  readonly message: MessageContext
  /** Who may do what on the connection; `undefined` on a server without security. */
  readonly guard: Guard | undefined
  /** What logins are answered with there. */
  readonly adminRefusal: ResultCode
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
  const { guard } = context
  switch (type) {
    case FRAME_TYPE.message: {
      const code = guard?.checkLogin() ?? RESULT.ok
      if (code === RESULT.ok) answerMessage(context.message, body, out)
      else writeResult(out, code, 0, 0, isBatch(body) ? REPLY_LAST : 0)
      break
    }
    case FRAME_TYPE.info: {
      const code = guard?.checkLogin() ?? RESULT.ok
      if (code === RESULT.ok) answerInfo(context.info(), body, out, guard)
      else refuseInfo(code, out)
      break
    }
    case FRAME_TYPE.admin:
      answerAdmin(guard ?? context.adminRefusal, body, out)
      break
    case FRAME_TYPE.compressed:
      // Compression is for Enterprise; the refusal comes as a plain message.
      writeResult(out, RESULT.enterpriseOnly)
  }
  return context.message.pending
}

/** A batch that is refused as a whole is answered with its last message. */
function isBatch({ bytes, position, remaining }: ByteReader): boolean {
  return remaining > INFO1_OFFSET && ((bytes[position + INFO1_OFFSET] as number) & INFO1.batch) !== 0
}
