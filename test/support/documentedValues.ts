/** Choices that CometAPI's own pages have. What "may be refused" only the makers document: the simulator refuses some of it. */
import type { INodePropertyOptions } from 'n8n-workflow';
import type { VideoField } from '../../nodes/CometApiVideo/providers/types';

const MAKERS_ONLY = /may be refused/i;

export function documentedValues({
	options = [],
	description = '',
}: VideoField['property']): Array<INodePropertyOptions['value']> {
	const [, list] = /Safest are ([\d, and]+); others may be refused/.exec(description) ?? [];
	const safest = list?.match(/\d+/g)?.map(Number);
	return (options as INodePropertyOptions[])
		.filter((option) => !MAKERS_ONLY.test(option.description ?? ''))
		.map(({ value }) => value)
		.filter((value) => !safest || safest.includes(Number(value)));
}
