/** Types of frames, byte 1 of a frame's header. Source: as/include/base/proto.h of the server. */
export const FRAME_TYPE = { info: 1, admin: 2, message: 3, compressed: 4 } as const

export type FrameType = (typeof FRAME_TYPE)[keyof typeof FRAME_TYPE]

/** Version of the framing, byte 0 of a frame's header. */
export const FRAME_VERSION = 2

/** Bytes of a frame's header. */
export const FRAME_HEADER_BYTES = 8
