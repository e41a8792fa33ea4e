/**
 * The recorded requests and replies of `test/fixtures`. One folder per provider, named by its id, and `unified` for the
 * forms of reply that any model of /v1/videos may give. A file that does not fit its schema stops the tests.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { INodeParameters } from 'n8n-workflow';
import { z } from 'zod';

const FOLDER = join(__dirname, '..', 'fixtures');

/** Replies of the whole family; every provider on /v1/videos must understand them. */
export const FAMILY_FOLDER = 'unified';

/** In a path or a parameter: the id of a Sora task that the test finishes first. */
export const FINISHED_SORA_TASK = '{finishedSoraTask}';

/** Where a fact comes from. Never the live service: nobody has asked it. */
const origin = {
	source: z.string().url(),
	checkedOn: z.string().date(),
	provenance: z.enum(['docs', 'third-party', 'upstream', 'inferred']),
	note: z.string().optional(),
};

const mediaSchema = z
	.object({
		source: z.enum(['url', 'binary', 'data']),
		/** Names below `/media/` of the simulator. */
		files: z.array(z.string()).min(1),
		/** For slots whose files name their form field themselves. */
		formField: z.string().optional(),
	})
	.strict();

const fileSchema = z.object({ field: z.string(), fileName: z.string().optional(), contentType: z.string() }).strict();

const multipartSchema = z
	.object({
		method: z.literal('POST'),
		path: z.string(),
		encoding: z.literal('multipart'),
		fields: z.array(z.tuple([z.string(), z.string()])),
		/** In the order of the media. */
		files: z.array(fileSchema.required()),
	})
	.strict();

const jsonSchema = z
	.object({
		method: z.literal('POST'),
		path: z.string(),
		encoding: z.literal('json'),
		json: z.record(z.string()),
		/** Each stands in the body as a data URI under its field. */
		files: z.array(fileSchema.omit({ fileName: true })),
	})
	.strict();

const createSchema = z
	.object({
		...origin,
		/** As a workflow stores them: what is missing has its default. */
		parameters: z.record(z.unknown()).transform((parameters) => parameters as INodeParameters),
		/** By media slot. */
		media: z.record(mediaSchema).default({}),
		request: z.discriminatedUnion('encoding', [multipartSchema, jsonSchema]),
	})
	.strict();

const createdSchema = z
	.object({
		...origin,
		body: z.record(z.unknown()),
		expect: z.object({ taskId: z.string(), route: z.string(), rawStatus: z.string() }).strict(),
	})
	.strict();

const refSchema = z.object({ provider: z.string(), taskId: z.string(), route: z.string() }).strict();

const assetSchema = z
	.object({
		sources: z.array(
			z.discriminatedUnion('at', [
				z.object({ at: z.literal('url'), url: z.string() }).strict(),
				z.object({ at: z.literal('content'), path: z.string() }).strict(),
			]),
		),
	})
	.strict();

const statusSchema = z
	.object({
		...origin,
		ref: refSchema,
		body: z.record(z.unknown()),
		expect: z
			.object({
				status: z.enum(['pending', 'succeeded', 'failed']),
				rawStatus: z.string(),
				progressPercent: z.number().optional(),
				model: z.string().optional(),
				durationSeconds: z.number().optional(),
				createdAt: z.string().datetime().optional(),
				completedAt: z.string().datetime().optional(),
				videos: z.array(assetSchema).optional(),
				reason: z.string().optional(),
				code: z.string().optional(),
			})
			.strict(),
	})
	.strict();

const SCHEMAS = { create: createSchema, created: createdSchema, status: statusSchema };

export type FixtureKind = keyof typeof SCHEMAS;
export type FixtureMedia = z.infer<typeof mediaSchema>;

/** `file` is the name for reports, e.g. `veo/create.firstLastFrame.json`. */
export type Fixture<Kind extends FixtureKind> = z.infer<(typeof SCHEMAS)[Kind]> & { folder: string; file: string };

export type CreateFixture = Fixture<'create'>;
export type CreatedFixture = Fixture<'created'>;
export type StatusFixture = Fixture<'status'>;

export function fixtureFolders(): string[] {
	return readdirSync(FOLDER).sort();
}

/** Of one folder, or of all. */
export function loadFixtures<Kind extends FixtureKind>(kind: Kind, folder?: string): Array<Fixture<Kind>> {
	return (folder === undefined ? fixtureFolders() : [folder]).flatMap((name) =>
		readdirSync(join(FOLDER, name))
			.sort()
			.filter((fileName) => kindOf(name, fileName) === kind)
			.map((fileName) => loadFixture(kind, name, fileName)),
	);
}

function loadFixture<Kind extends FixtureKind>(kind: Kind, folder: string, fileName: string): Fixture<Kind> {
	const file = `${folder}/${fileName}`;
	const parsed = SCHEMAS[kind].safeParse(JSON.parse(readFileSync(join(FOLDER, folder, fileName), 'utf8')));
	if (!parsed.success) throw new Error(`${file} is no fixture: ${parsed.error.message}`);
	return { ...parsed.data, folder, file } as Fixture<Kind>;
}

/** A file with a slip in its name would otherwise never be looked at. */
function kindOf(folder: string, fileName: string): FixtureKind {
	const kind = /^(create|created|status)\.[A-Za-z0-9]+\.json$/.exec(fileName)?.[1];
	if (kind === undefined) throw new Error(`test/fixtures/${folder}/${fileName} has no name of a fixture`);
	return kind as FixtureKind;
}
