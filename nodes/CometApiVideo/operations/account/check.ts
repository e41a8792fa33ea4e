/** Account > Check: whether CometAPI answers as this node expects, one row per route. Creates nothing and costs nothing. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { readCometApi } from '../../service/client';
import { send } from '../../service/http';
import { untilStopped } from '../items/untilStopped';
import { tryEachPiece } from '../items/runItems';
import { toErrorRow } from '../../task/errors';
import { checkRoutes } from './checkRoutes';
import type { CheckRow } from './checkRoutes';

/** Once for a run, however many items there are: the answer is the same for all. */
export async function check(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const service = await readCometApi(context);
	const signal = context.getExecutionCancelSignal();
	const [outcome] = await tryEachPiece(context, [{ itemIndex: 0 }], async () => {
		const checked = checkRoutes(
			async (request) => {
				// The rest of a stopped check would go on behind the user's back.
				signal?.throwIfAborted();
				return await send(context, service, request);
			},
			({ row }) => context.sendMessageToUI(`${row.route}: ${row.result}`),
		);
		return await untilStopped(context, checked);
	});
	if (!outcome?.ok) return [toErrorRow(outcome?.error, 0)];
	return outcome.value.map(({ row }) => ({ json: toRow(row), pairedItem: { item: 0 } }));
}

function toRow({ result, check: what, providers, route, finding, requestId }: CheckRow) {
	return { result, check: what, provider: providers.join(', '), finding, route, requestId: requestId ?? '' };
}
