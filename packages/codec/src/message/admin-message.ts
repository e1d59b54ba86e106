import { DecodeError } from '../errors.ts'
import type { ByteReader } from '../wire/byte-reader.ts'
import type { ByteWriter } from '../wire/byte-writer.ts'
import { type AdminFieldValues, readAdminFields, writeAdminField } from './admin-fields.ts'

/*
 * admin message  :=  scheme:u8 = 0   result:u8   command:u8   field count:u8   unused:[12]   *field
 *
 * A frame of type admin holds one of them; in answers to queries, several.
 */

/** Bytes before the fields. */
export const ADMIN_HEADER_BYTES = 16

const RESULT_AT = 1
const COMMAND_AT = 2
const COUNT_AT = 3

/** An admin message as it stands on the wire. */
export interface AdminMessage {
  /** In answers; 0 in requests. */
  readonly resultCode: number
  /** In requests, a number of `ADMIN_COMMAND`; 0 in answers. */
  readonly command: number
  readonly fields: Partial<AdminFieldValues>
}

/** Writes a message with the fields of `values`, in their order; `undefined` ones are left out. */
export function writeAdminMessage(
  out: ByteWriter,
  resultCode: number,
  command: number,
  values: { readonly [Name in keyof AdminFieldValues]?: AdminFieldValues[Name] | undefined },
): void {
  const mark = out.reserve(ADMIN_HEADER_BYTES)
  // What was reserved may hold the bytes of an earlier request.
  out.bytes.fill(0, mark, mark + ADMIN_HEADER_BYTES)
  out.bytes[mark + RESULT_AT] = resultCode
  out.bytes[mark + COMMAND_AT] = command
  let count = 0
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) continue
    writeAdminField(out, name as keyof AdminFieldValues, value)
    count++
  }
  out.bytes[mark + COUNT_AT] = count
}

/**
 * Reads one message.
 *
 * @throws DecodeError when it does not end where the frame does, or earlier; the message of the error shows no bytes.
 */
export function readAdminMessage(body: ByteReader): AdminMessage {
  const { bytes, position } = body
  if (body.remaining < ADMIN_HEADER_BYTES) {
    throw new DecodeError(
      `admin header of ${ADMIN_HEADER_BYTES} bytes expected, ${body.remaining} left`,
      position,
    )
  }
  body.position = position + ADMIN_HEADER_BYTES
  const fields = readAdminFields(body, bytes[position + COUNT_AT] as number)
  return {
    resultCode: bytes[position + RESULT_AT] as number,
    command: bytes[position + COMMAND_AT] as number,
    fields,
  }
}
