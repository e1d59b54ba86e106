import type { ByteReader, ByteWriter } from '@aero/codec'
import { beginFrame, endFrame, FRAME_TYPE } from '@aero/codec'
import { ALL_NAMES, answerInfoName } from './info-answers.ts'
import type { InfoContext } from './info-context.ts'

const LINE_FEED = 0x0a

/*
 * request  :=  (name "\n")*            what follows the last line feed is not looked at; nothing at all asks for everything
 * reply    :=  (name "\t" answer "\n")*
 */

/** Answers an info request: one line for each line, in order. */
export function answerInfo(context: InfoContext, body: ByteReader, out: ByteWriter): void {
  const mark = beginFrame(out, FRAME_TYPE.info)
  if (body.remaining === 0) for (const name of ALL_NAMES) writeAnswer(context, name, out)
  else {
    for (let at = body.position, start = at; at < body.end; at++) {
      if (body.bytes[at] !== LINE_FEED) continue
      body.position = start
      writeAnswer(context, body.text(at - start), out)
      start = at + 1
    }
  }
  endFrame(out, mark)
}

function writeAnswer(context: InfoContext, name: string, out: ByteWriter): void {
  out.text(`${name}\t${answerInfoName(context, name)}\n`)
}
