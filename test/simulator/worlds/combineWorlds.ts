/** Several worlds in one: what each of them changes is changed, one after the other. */
import type { Change, DoubtfulWorld } from './doubtfulWorld';

/** @param others of the same outcome; of what only one can have, such as the form of the id, the first has its way */
export function combineWorlds(first: DoubtfulWorld, ...others: readonly DoubtfulWorld[]): DoubtfulWorld {
	return others.reduce(combineTwo, first);
}

function combineTwo(one: DoubtfulWorld, other: DoubtfulWorld): DoubtfulWorld {
	return {
		...other,
		...one,
		name: `${one.name} + ${other.name}`,
		source: `${one.source}; ${other.source}`,
		lifeSeconds: Math.max(one.lifeSeconds ?? 0, other.lifeSeconds ?? 0) || undefined,
		created: inTurn(one.created, other.created),
		running: inTurn(one.running, other.running),
		succeeded: inTurn(one.succeeded, other.succeeded),
		failed: inTurn(one.failed, other.failed),
	};
}

function inTurn(one: Change | undefined, other: Change | undefined): Change | undefined {
	return one && other ? (reply, scene) => other(one(reply, scene), scene) : (one ?? other);
}
