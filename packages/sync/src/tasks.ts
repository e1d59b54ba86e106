import type {
  BackgroundTask as AwaitedBackgroundTask,
  IndexTask as AwaitedIndexTask,
  ModuleTask as AwaitedModuleTask,
  Task as AwaitedTask,
} from '@aero/async'
import { type Blocking, type CallMethod, calling } from './blocking.ts'

/** Something that servers do in the background; `done()` blocks until it has ended. */
export type Task<Progress> = Blocking<AwaitedTask<Progress>>

/** An index that is being built. */
export type IndexTask = Blocking<AwaitedIndexTask>

/** A module that is on its way to every node, or away from it. */
export type ModuleTask = Blocking<AwaitedModuleTask>

/** Work that the servers do in the background. */
export type BackgroundTask = Blocking<AwaitedBackgroundTask>

const METHODS: readonly (keyof Task<unknown>)[] = ['progress', 'isDone', 'done']
const METHODS_OF_WORK: readonly (keyof BackgroundTask)[] = ['progress', 'isDone', 'done', 'abort']

/** The task of building an index, whose calls go through `call`. */
export function indexTask(namespace: string, name: string, call: CallMethod): IndexTask {
  return { namespace, name, ...calling(METHODS, call) } as IndexTask
}

/** The task of a module. */
export function moduleTask(name: string, call: CallMethod): ModuleTask {
  return { name, ...calling(METHODS, call) } as ModuleTask
}

/** The task of work in the background. */
export function backgroundTask(id: bigint, call: CallMethod): BackgroundTask {
  return { id, ...calling(METHODS_OF_WORK, call) } as BackgroundTask
}
