/** What people come for. Each mode of a provider does one job, and a job is one operation of the panel. */

interface Job {
	/** Stored in workflows: never rename. */
	resource: 'video' | 'audio' | 'image';
	/** Stored in workflows: never rename. */
	operation: string;
	displayName: string;
	description: string;
	/** What n8n's node picker shows. */
	action: string;
	/** Preset in the panel, if it does the job. Stored in workflows by its absence: never change after the first release. */
	defaultProvider: string;
}

export const JOBS = {
	'video.generate': {
		resource: 'video',
		operation: 'generate',
		displayName: 'Generate',
		description: 'Create a video from text, pictures or other videos',
		action: 'Generate a video',
		defaultProvider: 'seedance',
	},
	'video.extend': {
		resource: 'video',
		operation: 'extend',
		displayName: 'Extend',
		description: 'Continue a video where it ends',
		action: 'Extend a video',
		defaultProvider: 'kling',
	},
	'video.edit': {
		resource: 'video',
		operation: 'edit',
		displayName: 'Edit',
		description: 'Change what a video shows, or its style',
		action: 'Edit or restyle a video',
		defaultProvider: 'runway',
	},
	'video.animate': {
		resource: 'video',
		operation: 'animate',
		displayName: 'Animate',
		description: 'Make a person or a character speak or move',
		action: 'Make a person speak or move',
		defaultProvider: 'kling',
	},
	'video.addEffect': {
		resource: 'video',
		operation: 'addEffect',
		displayName: 'Add Effect',
		description: 'Put the people in a picture into a ready-made scene',
		action: 'Add an effect',
		defaultProvider: 'kling',
	},
	'video.upscale': {
		resource: 'video',
		operation: 'upscale',
		displayName: 'Upscale',
		description: 'Raise the resolution of a video',
		action: 'Upscale a video',
		defaultProvider: 'runway',
	},
	'video.addSound': {
		resource: 'video',
		operation: 'addSound',
		displayName: 'Add Sound',
		description: 'Create the sound that fits a video',
		action: 'Add sound to a video',
		defaultProvider: 'kling',
	},
	'audio.generateSpeech': {
		resource: 'audio',
		operation: 'generateSpeech',
		displayName: 'Generate Speech',
		description: 'Turn text into speech',
		action: 'Generate speech',
		defaultProvider: 'kling',
	},
	'audio.generateSound': {
		resource: 'audio',
		operation: 'generateSound',
		displayName: 'Generate Sound',
		description: 'Create a sound from a description',
		action: 'Generate a sound',
		defaultProvider: 'kling',
	},
	'image.generate': {
		resource: 'image',
		operation: 'generate',
		displayName: 'Generate',
		description: 'Create a picture that a video can begin with',
		action: 'Generate an image',
		defaultProvider: 'kling',
	},
	'image.tryOn': {
		resource: 'image',
		operation: 'tryOn',
		displayName: 'Try On Clothes',
		description: 'Put clothes on the person in a picture',
		action: 'Try on clothes',
		defaultProvider: 'kling',
	},
	'image.findSubjects': {
		resource: 'image',
		operation: 'findSubjects',
		displayName: 'Find Subjects',
		description: 'Find the people and things in a picture',
		action: 'Find subjects in an image',
		defaultProvider: 'kling',
	},
} as const satisfies Record<string, Job>;

export type JobId = keyof typeof JOBS;

const NOUNS: Readonly<Record<Job['resource'], string>> = { video: 'video', audio: 'sound', image: 'picture' };

/** What the job makes, for messages. */
export function resultNoun(job: JobId): string {
	return NOUNS[JOBS[job].resource];
}

export const JOB_IDS = Object.keys(JOBS) as JobId[];

/** The job of an operation; undefined for operations that create nothing. */
export function findJob(resource: string, operation: string): JobId | undefined {
	return JOB_IDS.find((id) => JOBS[id].resource === resource && JOBS[id].operation === operation);
}
