/** A limit for work that has none of its own. */
import { clock } from './clock';

const LATE = Symbol('late');

/**
 * What the work comes to, or what `late` gives when it takes longer. The work itself goes on.
 * @throws whatever the work or `late` throws
 */
export async function withinTime<Result>(
	work: Promise<Result>,
	milliseconds: number,
	late: () => Result,
): Promise<Result> {
	const end = new AbortController();
	try {
		const first = await Promise.race([work, clock.sleep(milliseconds, end.signal).then(() => LATE)]);
		return typeof first === 'symbol' ? late() : (first as Result);
	} finally {
		end.abort();
	}
}
