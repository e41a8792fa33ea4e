/** The trigger's panel: what is shown for each way to watch, and what n8n asks for. */
import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { CometApiVideoTrigger } from '../../nodes/CometApiVideo/CometApiVideoTrigger.node';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';

const { description } = new CometApiVideoTrigger();
const NODE = { typeVersion: 1 };

function shown(choices: INodeParameters): string[] {
	const values = NodeHelpers.getNodeParameters(description.properties, choices, true, false, NODE, description) ?? {};
	return description.properties
		.filter((property) => NodeHelpers.displayParameter(values, property, NODE, description))
		.map(({ displayName }) => displayName);
}

test.each([
	[{}, ['Watch', 'Trigger On', 'Data Table', 'Simplify', 'Filters', 'Column Names']],
	[{ watch: 'account' }, ['Watch', 'Trigger On', 'Simplify', 'Filters', 'Options']],
	[{ watch: 'listed' }, ['Watch', 'Trigger On', 'Give Tasks As', 'Tasks', 'Simplify', 'Filters']],
	[
		{ watch: 'listed', listAs: 'json' },
		['Watch', 'Trigger On', 'Give Tasks As', 'Tasks (JSON)', 'Simplify', 'Filters'],
	],
])('with %j the panel shows %j', (choices, expected) => {
	expect(shown(choices)).toEqual(expected);
});

test('the key for n8n is asked for with a data table only', () => {
	const needed = (watch: string) =>
		(description.credentials ?? [])
			.filter((credential) => NodeHelpers.displayParameter({ watch }, credential, NODE, description))
			.map(({ name }) => name);
	expect(needed('dataTable')).toEqual(['cometApiVideoApi', 'n8nDataTableApi']);
	expect(needed('account')).toEqual(['cometApiVideoApi']);
	expect(needed('listed')).toEqual(['cometApiVideoApi']);
});

test('every provider can be filtered by, and named for a listed task', () => {
	const ids = VIDEO_PROVIDERS.map(({ id }) => id);
	const valuesOf = (name: string) =>
		allProperties(description.properties)
			.filter((property) => property.name === name)
			.map(({ options = [] }) => options.map((option) => ('value' in option ? option.value : '')));
	for (const values of valuesOf('providers')) expect(values).toEqual(ids);
	expect(valuesOf('providers')).toHaveLength(2);
	expect(valuesOf('provider')).toEqual([['detect', ...ids], []]);
});

test('it starts workflows and is no tool', () => {
	expect(description).toMatchObject({ group: ['trigger'], polling: true, inputs: [], outputs: ['main'] });
	expect(description.usableAsTool).toBeUndefined();
});

function allProperties(properties: readonly INodeProperties[]): INodeProperties[] {
	return properties.flatMap((property) => [
		property,
		...(property.options ?? []).flatMap((option) =>
			'values' in option ? allProperties(option.values) : 'type' in option ? allProperties([option]) : [],
		),
	]);
}
