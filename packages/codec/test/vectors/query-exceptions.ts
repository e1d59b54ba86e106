/** Why a recording is not encoded byte for byte by the query encoder. */
export interface QueryException {
  readonly what: 'no query' | 'other request' | 'aggregation'
  readonly reason: string
}

const NOTHING_SENT = 'the official client refuses it, nothing is sent'
const AGGREGATION = 'reduces records by functions in the server and the client, which is out of scope here'

/** Recordings whose request differs from ours, each with its reason; by group and name. */
export const QUERY_EXCEPTIONS: { readonly [name: string]: QueryException } = {
  'scan/partition_bad': { what: 'no query', reason: NOTHING_SENT },
  'scan/ops': { what: 'no query', reason: NOTHING_SENT },
  'query/n_equal_double': {
    what: 'other request',
    reason: 'the official client cuts 5.5 to 5 and finds what was not asked for; ours refuses a double',
  },
  'query/g_invalid': {
    what: 'other request',
    reason:
      'the official client takes any text for GeoJSON; ours takes a GeoJson, whose bytes are compared in the others',
  },
  'query/agg_count': { what: 'aggregation', reason: AGGREGATION },
  'query/agg_sum': { what: 'aggregation', reason: AGGREGATION },
  'query/agg_sum_pi': { what: 'aggregation', reason: AGGREGATION },
  'query/agg_group': { what: 'aggregation', reason: AGGREGATION },
  'query/agg_empty': { what: 'aggregation', reason: AGGREGATION },
  'query/agg_error': { what: 'aggregation', reason: AGGREGATION },
  'query/agg_no_func': { what: 'aggregation', reason: AGGREGATION },
  'query/agg_no_module': { what: 'aggregation', reason: AGGREGATION },
  'query/agg_foreach': { what: 'aggregation', reason: AGGREGATION },
  'background/scan_operate_read': { what: 'no query', reason: NOTHING_SENT },
}
