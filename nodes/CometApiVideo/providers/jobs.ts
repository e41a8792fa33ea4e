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
}

export const JOBS = {
	'video.generate': {
		resource: 'video',
		operation: 'generate',
		displayName: 'Generate',
		description: 'Create a video from a text, pictures or other videos',
		action: 'Generate a video',
	},
	'video.extend': {
		resource: 'video',
		operation: 'extend',
		displayName: 'Extend',
		description: 'Let a video go on',
		action: 'Extend a video',
	},
	'video.edit': {
		resource: 'video',
		operation: 'edit',
		displayName: 'Edit',
		description: 'Change what a video shows, or its style',
		action: 'Edit or restyle a video',
	},
	'video.animate': {
		resource: 'video',
		operation: 'animate',
		displayName: 'Animate',
		description: 'Let a person or a character speak or move',
		action: 'Make a person speak or move',
	},
	'video.addEffect': {
		resource: 'video',
		operation: 'addEffect',
		displayName: 'Add Effect',
		description: 'Put the people of a picture into a ready-made scene',
		action: 'Add an effect',
	},
	'video.upscale': {
		resource: 'video',
		operation: 'upscale',
		displayName: 'Upscale',
		description: 'Give a video more pixels',
		action: 'Upscale a video',
	},
	'video.addSound': {
		resource: 'video',
		operation: 'addSound',
		displayName: 'Add Sound',
		description: 'Create the sound that fits a video',
		action: 'Add sound to a video',
	},
	'audio.generateSpeech': {
		resource: 'audio',
		operation: 'generateSpeech',
		displayName: 'Generate Speech',
		description: 'Have a voice speak a text',
		action: 'Generate speech',
	},
	'audio.generateSound': {
		resource: 'audio',
		operation: 'generateSound',
		displayName: 'Generate Sound',
		description: 'Create a sound from a description',
		action: 'Generate a sound',
	},
	'image.generate': {
		resource: 'image',
		operation: 'generate',
		displayName: 'Generate',
		description: 'Create a picture that a video can begin with',
		action: 'Generate an image',
	},
	'image.tryOn': {
		resource: 'image',
		operation: 'tryOn',
		displayName: 'Try On Clothes',
		description: 'Put clothes on the person of a picture',
		action: 'Try on clothes',
	},
	'image.findSubjects': {
		resource: 'image',
		operation: 'findSubjects',
		displayName: 'Find Subjects',
		description: 'Find the people and things in a picture',
		action: 'Find subjects in an image',
	},
} as const satisfies Record<string, Job>;

export type JobId = keyof typeof JOBS;
