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

/** In a JSON body: a text that the node learns only while it creates the task, e.g. the session of a lip sync. */
export const ANY_TEXT = '{anyText}';

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

/** In a form the name of the field, in JSON its dotted path, e.g. `image_list.0.image`. */
const fileSchema = z.object({ field: z.string(), fileName: z.string().optional(), contentType: z.string() }).strict();

const multipartSchema = z
	.object({
		method: z.literal('POST'),
		path: z.string(),
		encoding: z.literal('multipart'),
		/** `{media}` stands for the address of the simulator's files. */
		fields: z.array(z.tuple([z.string(), z.string()])),
		/** In the order of the media. */
		files: z.array(fileSchema.required()),
	})
	.strict();

const jsonCallSchema = z
	.object({
		method: z.literal('POST'),
		path: z.string(),
		encoding: z.literal('json'),
		/** Complete but for the files. */
		json: z.record(z.unknown()),
		/** Each stands in the body as text at its path: the link as it was given, bare base64 or a data URI. */
		files: z.array(
			fileSchema.omit({ fileName: true }).extend({ encoding: z.enum(['url', 'base64', 'dataUri']).default('dataUri') }),
		),
	})
	.strict();

/** `before`: the calls whose answers the create needs, in order. */
const jsonSchema = jsonCallSchema.extend({ before: z.array(jsonCallSchema).default([]) }).strict();

const createSchema = z
	.object({
		...origin,
		/** As a workflow stores them: what is missing has its default. Names in braces stand for parents (`parents.ts`). */
		parameters: z.record(z.unknown()).transform((parameters) => parameters as INodeParameters),
		/** By media slot. */
		media: z.record(mediaSchema).default({}),
		request: z.discriminatedUnion('encoding', [multipartSchema, jsonSchema]),
	})
	.strict();

const refSchema = z.object({ provider: z.string(), taskId: z.string(), route: z.string() }).strict();

const assetSchema = z
	.object({
		kind: z.enum(['video', 'audio', 'image']),
		sources: z.array(
			z.discriminatedUnion('at', [
				z.object({ at: z.literal('url'), url: z.string() }).strict(),
				z.object({ at: z.literal('content'), path: z.string() }).strict(),
				z.object({ at: z.literal('lookup'), path: z.string(), urlPath: z.string() }).strict(),
			]),
		),
	})
	.strict();

const taskSchema = z
	.object({
		status: z.enum(['pending', 'succeeded', 'failed']),
		rawStatus: z.string(),
		progressPercent: z.number().optional(),
		model: z.string().optional(),
		durationSeconds: z.number().optional(),
		createdAt: z.string().datetime().optional(),
		completedAt: z.string().datetime().optional(),
		assets: z.array(assetSchema).optional(),
		thumbnailUrl: z.string().optional(),
		outputs: z.record(z.unknown()).optional(),
		reason: z.string().optional(),
		code: z.string().optional(),
	})
	.strict();

const statusSchema = z.object({ ...origin, ref: refSchema, body: z.record(z.unknown()), expect: taskSchema }).strict();

const createdSchema = z
	.object({
		...origin,
		/** Of the create, where the envelope depends on it. */
		path: z.string().default('/v1/videos'),
		body: z.record(z.unknown()),
		expect: z
			.object({
				taskId: z.string(),
				route: z.string(),
				rawStatus: z.string(),
				/** Of a job that is done when it is answered. */
				finished: taskSchema.optional(),
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
	return { ...parsed.data, folder, file };
}

/** A file with a slip in its name would otherwise never be looked at. */
function kindOf(folder: string, fileName: string): FixtureKind {
	const kind = /^(create|created|status)\.[A-Za-z0-9]+\.json$/.exec(fileName)?.[1];
	if (kind === undefined) throw new Error(`test/fixtures/${folder}/${fileName} has no name of a fixture`);
	return kind as FixtureKind;
}
