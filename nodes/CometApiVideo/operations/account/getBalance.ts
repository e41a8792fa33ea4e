/** Account > Get Balance: the credit that the API key may still use. The key travels in a header, never in a link. */
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { createCometApiClient } from '../../service/client';
import { roundUsd } from '../../service/catalogue';
import { toRows, tryEachItem } from '../items/runItems';

/** The gateway's documented default; CometAPI's console shows the same sums. */
const UNITS_PER_USD = 500_000;

export async function getBalance(context: IExecuteFunctions): Promise<INodeExecutionData[]> {
	const client = await createCometApiClient(context);
	const outcomes = await tryEachItem(context, async (itemIndex) => {
		const balance = await client.getBalance();
		const usd = (units: number) => roundUsd(units / UNITS_PER_USD);
		const isUnlimited = balance.unlimited_quota === true;
		return {
			json: {
				keyName: balance.name ?? '',
				isUnlimited,
				/** An unlimited key may use all credit of the account, of which this route does not know the sum. */
				availableUsd: isUnlimited ? null : usd(balance.total_available),
				usedUsd: usd(balance.total_used),
				grantedUsd: isUnlimited ? null : usd(balance.total_granted),
				expiresAt: balance.expires_at ? new Date(balance.expires_at * 1000).toISOString() : null,
			},
			pairedItem: { item: itemIndex },
		};
	});
	return toRows(outcomes);
}
