/** What a refusal before the first create adds to its message: which item it was, and that nothing was paid for. */
import type { IExecuteFunctions } from 'n8n-workflow';
import { CanceledError, CometApiVideoError, reworded } from '../../task/errors';
import type { CreatedTasks } from './createdTasks';

/** The preparation of one item, whose errors say so. Items count from 1, as people do. */
export function nothingCreated<Ready>(
	context: IExecuteFunctions,
	createdTasks: CreatedTasks,
	prepare: (itemIndex: number) => Promise<Ready>,
): (itemIndex: number) => Promise<Ready> {
	const { length } = context.getInputData();
	return async (itemIndex) => {
		try {
			return await prepare(itemIndex);
		} catch (error) {
			const place = length > 1 ? ` in item ${itemIndex + 1}` : '';
			// With On Error = continue the other items go on; and an earlier try of this run may have created some.
			const isAll = !context.continueOnFail() && createdTasks.notTakenUp().length === 0;
			const rest = length === 1 || isAll ? 'nothing was created' : 'nothing was created for it';
			const itemNumber = length > 1 ? itemIndex + 1 : undefined;
			throw error instanceof CometApiVideoError && !(error instanceof CanceledError)
				? reworded(error, { message: `${error.message}${place}; ${rest}`, itemNumber })
				: error;
		}
	};
}
