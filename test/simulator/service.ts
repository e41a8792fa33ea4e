/** What all routes share: the settings of the running simulator and its tasks. */
import type { SimulatedTask } from './simulatedTask';

/**
 * `comet`: as CometAPI documents itself. `upstream-strict`: as the open-source gateway that CometAPI derives from
 * behaves where the two differ (other error envelope, `metadata.url`, status `unknown` before the first update).
 */
export type SimulatorProfile = 'comet' | 'upstream-strict';

export interface Service {
	readonly profile: SimulatorProfile;
	readonly speed: number;
	readonly taskSeconds: number;
	readonly apiKeys: readonly string[];
	/** Per key, in internal units: 500 000 are 1 USD. */
	readonly grantedQuota: number;
	readonly resultOrigin: string;
	readonly tasks: Map<string, SimulatedTask>;
	readonly now: () => number;
}
