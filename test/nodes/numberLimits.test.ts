/** Every limit of a number that the panels show is kept for values that expressions give, too; those of providers are in `test/fuzz`. */
import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { CometApiVideo } from '../../nodes/CometApiVideo/CometApiVideo.node';
import { CometApiVideoTrigger } from '../../nodes/CometApiVideo/CometApiVideoTrigger.node';
import { JOURNAL_COLUMNS } from '../../nodes/CometApiVideo/journal/taskJournal';
import { VIDEO_PROVIDERS } from '../../nodes/CometApiVideo/providers';
import { SIMULATOR_ACCESS_TOKEN } from '../simulator/simulator';
import { errorText } from '../support/errorText';
import { atLength, firstOfEach } from '../support/longRun';
import { TriggerNodeTest } from '../support/triggerNode';
import { VideoNodeTest } from '../support/videoNode';

interface NumberField {
	/** With the collections around it, e.g. `options.requestTimeout`. */
	path: string;
	property: INodeProperties;
}

function numbersIn(properties: readonly INodeProperties[], place = ''): NumberField[] {
	return properties.flatMap((property): NumberField[] => {
		const path = `${place}${property.name}`;
		if (property.type === 'number') return [{ path, property }];
		if (property.type === 'collection') return numbersIn(property.options as INodeProperties[], `${path}.`);
		if (property.type !== 'fixedCollection') return [];
		const groups = property.options as Array<{ name: string; values: INodeProperties[] }>;
		return groups.flatMap(({ name, values }) => numbersIn(values, `${path}.${name}.`));
	});
}

const OF_PROVIDERS = new Set(
	VIDEO_PROVIDERS.flatMap(({ modes }) =>
		modes.flatMap(({ fields, media }) => [...fields, ...media.flatMap(({ byId }) => byId?.fields ?? [])]),
	).map(({ property }) => property.name),
);

const isOfProvider = ({ path }: NumberField) => path.split('.').some((name) => OF_PROVIDERS.has(name));

const NODE_FIELDS = numbersIn(new CometApiVideo().description.properties).filter((field) => !isOfProvider(field));
const TRIGGER_FIELDS = numbersIn(new CometApiVideoTrigger().description.properties);

const GENERATE = { prompt: 'x', waitForCompletion: true };
const GET_MANY = { resource: 'task', operation: 'getAll' };

/** Panels in which a field is shown. */
const PANELS: Readonly<Record<string, readonly INodeParameters[]>> = {
	limit: [
		{ ...GET_MANY, source: 'account' },
		{ ...GET_MANY, source: 'recorded', tableAccess: 'apiKey' },
		{ resource: 'model', operation: 'getAll' },
		{ resource: 'task', operation: 'get', useRecordedTasks: true, tableAccess: 'apiKey' },
		{ resource: 'task', operation: 'wait', useRecordedTasks: true, tableAccess: 'apiKey' },
	],
	'taskFilters.createdWithin': [{ ...GET_MANY, source: 'account' }],
	'waitingOptions.pollInterval': [GENERATE, { resource: 'task', operation: 'wait', taskId: 'task_1' }],
	'waitingOptions.timeout': [GENERATE, { resource: 'task', operation: 'wait', taskId: 'task_1' }],
	'waitingOptions.maxTasksInFlight': [GENERATE],
	'options.maxEstimatedCost': [GENERATE],
	'options.maxFileSize': [
		GENERATE,
		{ resource: 'task', operation: 'wait', taskId: 'task_1', downloadVideo: true },
		{ resource: 'task', operation: 'download', taskId: 'task_1' },
	],
	'options.requestTimeout': [
		GENERATE,
		...['wait', 'get', 'download'].map((operation) => ({ resource: 'task', operation, taskId: 'task_1' })),
	],
};

/** What no expression may give for it; of a field without limits, what is no number. */
function wrongValues({ property: { typeOptions = {} } }: NumberField): unknown[] {
	const { minValue, maxValue, numberPrecision } = typeOptions;
	return [
		...(minValue === undefined ? [] : [minValue - 0.001, minValue - 1, -1e9]),
		...(maxValue === undefined ? [] : [maxValue + 0.001, maxValue + 1, 1e9]),
		...(numberPrecision === 0 ? [(minValue ?? 0) + 0.5] : []),
		...['many', '5 apples', 'NaN', true, [5], { of: 5 }],
	];
}

/** At their limits they are taken. */
const rightValues = ({ property: { typeOptions: { minValue = 1, maxValue } = {} } }: NumberField) => [
	minValue,
	...(maxValue === undefined ? [] : [maxValue]),
];

function withValue(panel: INodeParameters, path: string): INodeParameters {
	const [collection, name] = path.split('.');
	const given = '={{ $json.value }}';
	return { ...panel, ...(name ? { [collection]: { [name]: given } } : { [collection]: given }) };
}

test('there is a panel for each number', () => {
	expect([...new Set(NODE_FIELDS.map(({ path }) => path))].sort()).toEqual(Object.keys(PANELS).sort());
	expect(TRIGGER_FIELDS.map(({ path }) => path)).toEqual(['options.lookBack']);
});

describe('the node', () => {
	let node: VideoNodeTest;

	beforeEach(async () => {
		node = await VideoNodeTest.start();
		node.n8nApi.addTable('CometAPI Tasks', JOURNAL_COLUMNS);
	});

	afterEach(async () => {
		await node.close();
	});

	const fields = [...new Map(NODE_FIELDS.map((field) => [field.path, field])).values()];

	test.each(fields.map((field) => [field.path, field] as const))('%s', async (path, field) => {
		const { displayName } = field.property;
		const run = async (panel: INodeParameters, value: unknown) =>
			await node.run(withValue(panel, path), {
				accessToken: SIMULATOR_ACCESS_TOKEN,
				items: [{ json: { value } as never }],
			});
		for (const [index, panel] of (PANELS[path] ?? []).entries()) {
			const wrong = wrongValues(field);
			// All panels read a number in the same way: the first one is given everything, the others one of each type.
			const given =
				index === 0
					? wrong
					: atLength(
							firstOfEach(wrong, (value) => typeof value),
							wrong,
						);
			for (const value of given) {
				const { error } = await run(panel, value);
				expect([path, value, errorText(error)]).toEqual([
					path,
					value,
					expect.stringMatching(new RegExp(`^${displayName.replace(/[()]/g, '\\$&')} cannot be `)),
				]);
			}
			for (const value of rightValues(field)) {
				expect(errorText((await run({ ...panel, dryRun: true }, value)).error)).not.toContain('cannot be');
			}
		}
		expect(node.creates()).toEqual([]);
	});
});

test.each(TRIGGER_FIELDS.map((field) => [field.path, field] as const))('the trigger: %s', async (path, field) => {
	const [collection, name] = path.split('.');
	for (const value of [...wrongValues(field), ...rightValues(field)]) {
		const trigger = await TriggerNodeTest.start({ watch: 'account', [collection]: { [name]: value as never } });
		const message = await trigger.activate().then(
			() => '',
			(error: Error) => error.message,
		);
		const isRight = rightValues(field).includes(value as number);
		expect([value, message]).toEqual([
			value,
			isRight ? '' : expect.stringContaining(`${field.property.displayName} cannot be`),
		]);
		await trigger.close();
	}
});
