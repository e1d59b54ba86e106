/**
 * The result codes this server gives, by the names it uses for them. What each means to a client stands in the codec's
 * table; this is the server's side. Source: as/include/base/proto.h.
 */
export const RESULT = {
  ok: 0,
  unknown: 1,
  notFound: 2,
  generation: 3,
  parameter: 4,
  recordExists: 5,
  binExists: 6,
  unavailable: 11,
  incompatibleType: 12,
  recordTooBig: 13,
  unsupportedFeature: 16,
  binNotFound: 17,
  keyMismatch: 19,
  namespace: 20,
  binName: 21,
  elementNotFound: 23,
  elementExists: 24,
  enterpriseOnly: 25,
  notApplicable: 26,
  filteredOut: 27,
  securityNotSupported: 51,
  invalidGeoJson: 160,
  indexNotFound: 201,
  queryAborted: 210,
} as const

export type ResultCode = (typeof RESULT)[keyof typeof RESULT]
