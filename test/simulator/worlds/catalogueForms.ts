/** How `GET /api/models` may write its list: encodings of `endpoints`, and rows that are odd. */
import type { CatalogRow } from '../catalog';

export interface CatalogueForm {
	/** Unique; what tests and the README call it. */
	name: string;
	source: string;
	write: (rows: readonly CatalogRow[]) => unknown;
}

const LIVE = 'catalogue clients, live in September 2026';
const SHAPES = 'Roo-Code #7708, promptfoo #5721: the list has had several shapes';

const envelope = (data: unknown) => ({ success: true, page: 1, page_size: 20, total: 292, data });

/** All rows, one member of each written anew. */
function eachRow(name: string, source: string, change: (row: CatalogRow) => Record<string, unknown>): CatalogueForm {
	return { name, source, write: (rows) => envelope(rows.map((row) => ({ ...row, ...change(row) }))) };
}

function oddRow(name: string, odd: unknown): CatalogueForm {
	return { name: `a row that is ${name}`, source: SHAPES, write: (rows) => envelope([odd, ...rows]) };
}

type Endpoints = Record<string, { path: string; method: string }>;
const endpointsOf = ({ endpoints }: CatalogRow) => JSON.parse(endpoints) as Endpoints;

/** Three names for `POST /v1/videos`, and a typing error of the live list. */
const FAMILY_NAMES = ['openai-video', 'video-create', 'video-generation', 'seedacne'];

function familyNames(row: CatalogRow, index: number): string[] {
	const [family = ''] = Object.keys(endpointsOf(row));
	const isUnified = Object.values(endpointsOf(row)).some(({ path }) => path === '/v1/videos');
	return isUnified ? [FAMILY_NAMES[index % FAMILY_NAMES.length] ?? family] : [family];
}

function encodeTwice(row: CatalogRow): Record<string, string> {
	return Object.fromEntries(Object.entries(endpointsOf(row)).map(([name, each]) => [name, JSON.stringify(each)]));
}

export const CATALOGUE_FORMS: readonly CatalogueForm[] = [
	eachRow('endpoints an object', LIVE, (row) => ({ endpoints: endpointsOf(row) })),
	{
		name: 'endpoints a list of names',
		source: `${LIVE}: 123 of 292 rows`,
		write: (rows) => envelope(rows.map((row, index) => ({ ...row, endpoints: familyNames(row, index) }))),
	},
	{
		name: 'endpoints a list of names as text',
		source: LIVE,
		write: (rows) =>
			envelope(rows.map((row, index) => ({ ...row, endpoints: JSON.stringify(familyNames(row, index)) }))),
	},
	eachRow('endpoints encoded twice', LIVE, (row) => ({ endpoints: encodeTwice(row) })),
	eachRow('endpoints encoded twice, as text', LIVE, (row) => ({ endpoints: JSON.stringify(encodeTwice(row)) })),
	eachRow('endpoints null', LIVE, () => ({ endpoints: null })),
	eachRow('endpoints empty', LIVE, () => ({ endpoints: '' })),
	eachRow('model_type empty', `${LIVE}: about a third of the rows`, () => ({ model_type: '' })),
	eachRow('features null', LIVE, () => ({ features: null })),
	eachRow('prices as text', SHAPES, ({ pricing }) => ({
		pricing: { ...pricing, per_second: pricing.per_second === null ? null : String(pricing.per_second), ratio: '0.8' },
	})),
	eachRow('upcoming as 0', SHAPES, ({ upcoming }) => ({ upcoming: upcoming ? 1 : 0 })),
	oddRow('null', null),
	oddRow('a text', 'veo'),
	oddRow('without an id', { name: 'x', model_type: 'video' }),
	oddRow('of another shape', { id: 'a', name: { en: 'x' }, features: 'text-to-video', pricing: [], upcoming: {} }),
	{ name: 'a bare list', source: SHAPES, write: (rows) => rows },
	{ name: 'models in the place of data', source: SHAPES, write: (rows) => ({ models: rows }) },
];
