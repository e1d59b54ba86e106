import type { ByteReader, ByteWriter } from '@aero/codec'
import { beginFrame, endFrame, FRAME_TYPE } from '@aero/codec'
import { RESULT } from '../result-code.ts'
import type { Guard } from '../security/guard.ts'
import { ALL_NAMES, answerInfoName, parseParameters } from './info-answers.ts'
import type { InfoContext } from './info-context.ts'

const LINE_FEED = 0x0a

/*
 * request  :=  (name "\n")*            what follows the last line feed is not looked at; nothing at all asks for everything
 * reply    :=  (name "\t" answer "\n")*
 */

/** Refuses a whole request: nobody has logged in, or the session has expired. */
export function refuseInfo(code: number, out: ByteWriter): void {
  const mark = beginFrame(out, FRAME_TYPE.info)
  const reason = code === RESULT.notAuthenticated ? 'not authenticated' : 'unexpected security result'
  out.text(`ERROR:${code}:${reason}\n`)
  endFrame(out, mark)
}

/** Answers an info request: one line for each line, in order. */
export function answerInfo(
  context: InfoContext,
  body: ByteReader,
  out: ByteWriter,
  guard: Guard | undefined,
): void {
  const mark = beginFrame(out, FRAME_TYPE.info)
  if (body.remaining === 0) for (const name of ALL_NAMES) writeAnswer(context, name, out, guard)
  else {
    for (let at = body.position, start = at; at < body.end; at++) {
      if (body.bytes[at] !== LINE_FEED) continue
      body.position = start
      writeAnswer(context, body.text(at - start), out, guard)
      start = at + 1
    }
  }
  endFrame(out, mark)
}

function writeAnswer(context: InfoContext, name: string, out: ByteWriter, guard: Guard | undefined): void {
  const refusal = guard === undefined ? undefined : refuseName(guard, name)
  out.text(`${name}\t${refusal ?? answerInfoName(context, name)}\n`)
}

function refuseName(guard: Guard, name: string): string | undefined {
  const colon = name.indexOf(':')
  const command = colon < 0 ? name : name.slice(0, colon)
  return guard.refuseInfo(command, parseParameters(colon < 0 ? '' : name.slice(colon + 1)))
}
