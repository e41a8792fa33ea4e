/** What all routes share: the settings of the running simulator and its tasks. */
import type { Account } from './account';
import type { CallbackSender } from './native/callbackSender';
import type { NativeStore } from './native/nativeDetails';
import type { SimulatedTask } from './simulatedTask';
import type { Worlds } from './worlds/worlds';

/**
 * `comet`: as CometAPI documents itself. `upstream-strict`: as the open-source gateway that CometAPI derives from
 * behaves where the two differ (other error envelope, `metadata.url`, status `unknown` before the first update).
 */
export type SimulatorProfile = 'comet' | 'upstream-strict';

/** Which generation of CometAPI's pages the query replies of the native routes follow. */
export type Envelopes = 'newest' | 'march2026';

/**
 * Where the tasks of video-extend, advanced-lip-sync and avatar are asked for; no page of CometAPI says it.
 * `ownPath`: below the path that created them. `twoSegments`: only where the documented template
 * `/kling/v1/{action}/{action2}/{task_id}` with its documented values can reach.
 */
export type KlingQueryPaths = 'ownPath' | 'twoSegments';

export interface Service {
	readonly profile: SimulatorProfile;
	readonly speed: number;
	taskSeconds: number;
	readonly apiKeys: readonly string[];
	/** Per key, in internal units: 500 000 are 1 USD. */
	readonly grantedQuota: number;
	readonly apiOrigin: string;
	readonly resultOrigin: string;
	readonly worlds: Worlds;
	readonly tasks: Map<string, SimulatedTask>;
	readonly envelopes: Envelopes;
	readonly klingQueryPaths: KlingQueryPaths;
	/** For so long after the create Runway's tasks are unknown; seconds of the simulated life. */
	readonly runwayUnknownSeconds: number;
	readonly native: NativeStore;
	readonly callbacks: CallbackSender;
	/** Owner of all keys. */
	readonly account: Account;
	readonly now: () => number;
}
