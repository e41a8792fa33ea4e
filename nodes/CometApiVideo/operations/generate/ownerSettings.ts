/**
 * Settings about money, which belong to the one who pays. In a tool, n8n lets an AI agent fill in any parameter whose expression
 * calls `$fromAI`, in any spelling (read in n8n-workflow 2.41: `workflow-data-proxy.ts`); `$tool.parameters` is another way to
 * what the agent said.
 */
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import { InvalidInputError } from '../../task/errors';

const BY_AGENT = /\$(?:fromai|tool)\b/i;

/** @throws InvalidInputError when one of them is left to an agent */
export function assertNotLeftToAgent(context: IExecuteFunctions): void {
	const asTyped = { rawExpressions: true };
	const options: IDataObject = context.getNodeParameter('options', 0, {}, asTyped);
	const settings: Array<[string, unknown]> = [
		['Dry Run', context.getNodeParameter('dryRun', 0, false, asTyped)],
		['Max Estimated Cost (USD)', options.maxEstimatedCost],
		['If the Price Is Unknown', options.ifPriceUnknown],
	];
	for (const [label, typed] of settings) {
		if (typeof typed !== 'string' || !typed.startsWith('=') || !BY_AGENT.test(typed)) continue;
		throw new InvalidInputError(
			`${label} cannot be filled in by the AI agent; nothing was created`,
			`It limits what the agent may spend. Give the field "${label}" a value of your own.`,
		);
	}
}
