/** The package as one file, for programs that tests run in a process of their own. */
export { Behavior } from '@aero/config'
export * from '@aero/sync'
