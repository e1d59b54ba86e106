import type * as awaited from '@aero/async'
import type * as blocking from './index.ts'

/*
 * The two front ends differ only in what is awaited. Checked by the compiler: a line that does not hold is a type error.
 */

type Same<One, Other> =
  (<T>() => T extends One ? 1 : 2) extends <T>() => T extends Other ? 1 : 2 ? true : false

/** What the blocking front end has in the place of a value of the asynchronous one. */
type Unawaited<T> =
  T extends Promise<infer Value>
    ? Unawaited<Value>
    : T extends awaited.RecordStream<infer Bins>
      ? blocking.RecordStream<Bins>
      : T extends awaited.ValueStream<infer V>
        ? blocking.ValueStream<V>
        : T extends awaited.Aggregation<infer V>
          ? blocking.Aggregation<V>
          : T extends awaited.Session<infer Bins>
            ? blocking.Session<Bins>
            : T extends awaited.InfoCommands
              ? blocking.InfoCommands
              : T extends awaited.IndexTask
                ? blocking.IndexTask
                : T extends awaited.ModuleTask
                  ? blocking.ModuleTask
                  : T extends awaited.BackgroundTask
                    ? blocking.BackgroundTask
                    : T extends awaited.IndexBuilder<infer Created, infer Dropped>
                      ? awaited.IndexBuilder<Unawaited<Created>, Unawaited<Dropped>>
                      : T extends awaited.BackgroundTasks<infer Started>
                        ? awaited.BackgroundTasks<Unawaited<Started>>
                        : T extends AsyncGenerator<infer Item, infer End, infer Next>
                          ? Generator<Item, End, Next>
                          : T

type Method = (...args: never) => unknown

/** Names whose methods do not give, or do not take, the same; `never` when all do. */
type Different<Awaited, Blocking> = {
  [Name in keyof Awaited]: Name extends typeof Symbol.asyncDispose | typeof Symbol.asyncIterator
    ? never
    : Name extends keyof Blocking
      ? Awaited[Name] extends Method
        ? Blocking[Name] extends Method
          ? Same<
              [Parameters<Awaited[Name]>, Unawaited<ReturnType<Awaited[Name]>>],
              [Parameters<Blocking[Name]>, ReturnType<Blocking[Name]>]
            > extends true
            ? never
            : Name
          : Name
        : Same<Awaited[Name], Blocking[Name]> extends true
          ? never
          : Name
      : Name
}[keyof Awaited]

/** Names that only the blocking one has. */
type Added<Awaited, Blocking> = Exclude<
  keyof Blocking,
  keyof Awaited | typeof Symbol.dispose | typeof Symbol.iterator
>

type Nothing<Names extends never> = Names
type Bins = awaited.Bins

export type Checked = [
  Nothing<Different<awaited.RecordStream<Bins>, blocking.RecordStream<Bins>>>,
  Nothing<Added<awaited.RecordStream<Bins>, blocking.RecordStream<Bins>>>,
  Nothing<Different<awaited.ValueStream<1>, blocking.ValueStream<1>>>,
  Nothing<Added<awaited.ValueStream<1>, blocking.ValueStream<1>>>,
  Nothing<Different<awaited.Aggregation<1>, blocking.Aggregation<1>>>,
  Nothing<Added<awaited.Aggregation<1>, blocking.Aggregation<1>>>,
  // The verbs give builders, which are the same class for both; what they end in is the stream above.
  Nothing<
    Exclude<Different<awaited.Session<Bins>, blocking.Session<Bins>>, keyof awaited.SessionVerbs<never>>
  >,
  Nothing<Exclude<keyof awaited.Session<Bins>, keyof blocking.Session<Bins>>>,
  Nothing<Added<awaited.Session<Bins>, blocking.Session<Bins>>>,
  // `administration` is checked below; `createSession` gives sessions of bins that the options say.
  Nothing<Exclude<Different<awaited.Cluster, blocking.Cluster>, 'administration'>>,
  Nothing<Added<awaited.Cluster, blocking.Cluster>>,
  Nothing<Different<awaited.Administration, blocking.Administration>>,
  Nothing<Different<awaited.InfoCommands, blocking.InfoCommands>>,
  Nothing<Different<awaited.IndexTask, blocking.IndexTask>>,
  Nothing<Different<awaited.ModuleTask, blocking.ModuleTask>>,
  Nothing<Different<awaited.BackgroundTask, blocking.BackgroundTask>>,
  Nothing<Exclude<keyof awaited.ClusterDefinition, keyof blocking.ClusterDefinition>>,
  Nothing<Added<awaited.ClusterDefinition, blocking.ClusterDefinition>>,
  Nothing<Exclude<keyof awaited.ConnectOptions, keyof blocking.ConnectOptions>>,
]
