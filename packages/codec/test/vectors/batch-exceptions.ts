/** Why a recording is not encoded byte for byte by the batch encoder. */
export interface BatchException {
  readonly what: 'no batch'
  readonly reason: string
}

const ONE_KEY = 'one key goes as a plain command, in both clients'

/** Recordings whose request differs from ours, each with its reason. */
export const BATCH_EXCEPTIONS: { readonly [name: string]: BatchException } = {
  setup_udf: { what: 'no batch', reason: 'registers the functions: an info request' },
  read_all_bins_1: { what: 'no batch', reason: ONE_KEY },
  read_bins_empty: { what: 'no batch', reason: ONE_KEY },
  read_missing_bin: { what: 'no batch', reason: ONE_KEY },
  read_ops_get_all: { what: 'no batch', reason: ONE_KEY },
  read_type_given: { what: 'no batch', reason: ONE_KEY },
  read_batch_policy_compress: {
    what: 'no batch',
    reason: 'the frame is compressed, which Enterprise servers alone take',
  },
  read_compress_300: {
    what: 'no batch',
    reason: 'the frame is compressed, which Enterprise servers alone take',
  },
  read_empty: { what: 'no batch', reason: 'nothing is sent' },
  read_unknown_ns: {
    what: 'no batch',
    reason: 'one of two keys is of an unknown namespace: the other goes alone, as a plain command',
  },
  get_one: { what: 'no batch', reason: ONE_KEY },
  exists_one: { what: 'no batch', reason: ONE_KEY },
  write_one: { what: 'no batch', reason: ONE_KEY },
  write_new: { what: 'no batch', reason: ONE_KEY },
  write_types: { what: 'no batch', reason: ONE_KEY },
  write_exp: { what: 'no batch', reason: ONE_KEY },
  write_touch: { what: 'no batch', reason: ONE_KEY },
  write_touch_ttl: { what: 'no batch', reason: ONE_KEY },
  write_delete_op: { what: 'no batch', reason: ONE_KEY },
  write_delete_write: { what: 'no batch', reason: ONE_KEY },
  write_append: { what: 'no batch', reason: ONE_KEY },
  write_policy_class: { what: 'no batch', reason: ONE_KEY },
  write_ops_ttl_meta_read: { what: 'no batch', reason: ONE_KEY },
  remove_one: { what: 'no batch', reason: ONE_KEY },
  apply_one: { what: 'no batch', reason: ONE_KEY },
  apply_ret_nil: { what: 'no batch', reason: ONE_KEY },
  apply_no_func: { what: 'no batch', reason: ONE_KEY },
  apply_no_module: { what: 'no batch', reason: ONE_KEY },
  apply_args: { what: 'no batch', reason: ONE_KEY },
}
