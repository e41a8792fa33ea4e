/** The user's Stop for work that does not listen to it, or not at once. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { CanceledError } from '../../task/errors';

/**
 * What the work comes to, unless the user presses Stop before. The work itself goes on, so it must not create anything.
 * @throws CanceledError at Stop
 */
export async function untilStopped<Result>(context: IExecuteFunctions, work: Promise<Result>): Promise<Result> {
	const signal = context.getExecutionCancelSignal();
	if (!signal) return await work;
	let stop = () => {};
	const stopped = new Promise<never>((_resolve, reject) => {
		stop = () => reject(new CanceledError('The run was canceled', ''));
		signal.addEventListener('abort', stop);
		if (signal.aborted) stop();
	});
	try {
		return await Promise.race([work, stopped]);
	} finally {
		signal.removeEventListener('abort', stop);
	}
}
