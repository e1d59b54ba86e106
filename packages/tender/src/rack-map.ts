/*
 * rack-ids  :=  namespace ":" rack *( ";" namespace ":" rack )
 *
 * Known from the sources of the public clients, not from a capture: the Community server has no racks and answers
 * "ERROR:25:enterprise only".
 */

/** Rack id of one node by namespace. What cannot be read is left out: without a rack a node is merely not preferred. */
export function parseRackIds(text: string): Map<string, number> {
  const racks = new Map<string, number>()
  for (const part of text.split(';')) {
    const match = /^([^:]+):(-?\d{1,9})$/.exec(part)
    if (match?.[1] !== undefined) racks.set(match[1], Number(match[2]))
  }
  return racks
}
