/**
 * Recorded exchanges that the dev server does not answer like the real one yet, by what they wait for. The test fails when
 * another one differs, and as well when one of these no longer does: the list only shrinks.
 */
export const WAITING: Readonly<Record<string, readonly string[]>> = {
  'facts of the machine the vectors were recorded on': ['info/any_admin-clear-std', 'info/any_logs'],
}
