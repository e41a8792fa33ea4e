/** What a provider descriptor is made of. A descriptor is data and pure functions: no n8n context, no requests. */
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import type { JobId } from './jobs';
import type { CreateRequest, MediaEncoding, MediaValue, TaskApi } from '../task/types';

export interface VideoModel {
	/** Exactly as CometAPI wants it. */
	id: string;
	displayName: string;
	/** Shown under the name in the model list. */
	description?: string;
	/**
	 * US dollars per second of video up to that many lines ("720p"), as last published; the live catalogue is asked as well.
	 * What is larger than the largest has no known price.
	 */
	pricePerSecondUsd?: Readonly<Record<string, number>>;
	/** US dollars for each picture that is sent along. */
	pricePerImageUsd?: number;
	/** Length of all videos of a model that has no field for it. */
	fixedSeconds?: number;
}

/** Resolution ("720p") → shape ("16:9") → "WIDTHxHEIGHT" in pixels. */
export type SizeTable = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface VideoField {
	/** Ordinary n8n vocabulary. Its `options` and `typeOptions` limits are also what is checked before a request is made. */
	property: Omit<INodeProperties, 'displayOptions'>;
	/** `panel` = always visible, `options` = among the provider's settings, `sharedOptions` = among the options of all providers. */
	placement: 'panel' | 'options' | 'sharedOptions';
	/** Ids of the models that take the field; absent = all of the mode. */
	models?: readonly string[];
	/** Dotted path in the body; null = `buildRequest` deals with it. */
	sendAs: string | null;
	/** How the value is written, e.g. 8 → "8"; with the other values where several fields make one. */
	encode?: (value: unknown, values: GenerateInput['values']) => IDataObject[string];
	/** Of Aspect Ratio and Resolution: the sizes that the two stand for. */
	sizes?: SizeTable;
	/** Must not stay empty where it is shown. */
	required?: boolean;
	/** Shown, read and checked only with one of these values of another field of the panel. */
	when?: { field: string; is: readonly string[] };
}

export interface MediaSlot {
	/** Prefix of the panel's parameter names, e.g. `firstFrame`. */
	name: string;
	displayName: string;
	description: string;
	kind: 'image' | 'video' | 'audio' | 'any';
	/** MIME types that the provider takes. */
	mimeTypes: readonly string[];
	/** First = how files and data URIs are sent; a link is sent as it is if `url` is among them. */
	accepts: readonly [MediaEncoding, ...MediaEncoding[]];
	/**
	 * Dotted path in the body, with `*` for the number of the file in the slot, e.g. `image_list.*.image`; null =
	 * `buildRequest` deals with it, or each file names its own field (`isNamed`).
	 */
	sendAs: string | null;
	/** The field for links, where CometAPI takes pictures as files or as links by the option Send Pictures As. */
	links?: {
		sendAs: string;
		/** True: the model takes links, and refuses files. */
		isUsual: boolean;
	};
	/** The other way to name the medium: by the ID of something that CometAPI has made before. */
	byId?: {
		/** Name of that source. */
		displayName: string;
		description: string;
		/** Shown with that source only. */
		fields: readonly VideoField[];
	};
	required: boolean;
	maxCount: number;
	maxMegabytes: number;
	models?: readonly string[];
	/** The length of the sound has to be known. */
	needsLength?: boolean;
	/** A list of files of which each has its own form field name. */
	isNamed?: boolean;
}

/** One job kind: one create route with its own fields. */
export interface VideoMode {
	id: string;
	/** The operation in whose panel the mode stands. */
	job: JobId;
	displayName: string;
	description: string;
	/** First = default, which can never be changed after a release. Empty: the mode has no model, or takes any. */
	models: readonly VideoModel[];
	/** True: any model id may be typed, none is preset. */
	takesAnyModel?: boolean;
	prompt: 'required' | 'optional' | 'none';
	/** Where the mode's tasks speak another envelope than the provider's others. */
	taskApi?: TaskApi;
	fields: readonly VideoField[];
	media: readonly MediaSlot[];
	/** What the limits of single fields cannot say. @throws InvalidInputError */
	check?(input: GenerateInput): void;
	/** Pure. `requestFromFields` does the regular part. */
	buildRequest(input: GenerateInput, mode: VideoMode): CreateRequest;
}

export interface VideoProvider {
	/** Stored in workflows: never rename. */
	id: string;
	displayName: string;
	description: string;
	docsUrl: string;
	/** Which rows of the live catalogue belong to this provider, beyond the models named here. */
	cataloguePattern?: RegExp;
	taskApi: TaskApi;
	modes: readonly [VideoMode, ...VideoMode[]];
}

/** The user's wishes for one item, read from the panel. Fields that the model does not take are absent. */
export interface GenerateInput {
	model: string;
	prompt: string;
	values: Readonly<Record<string, unknown>>;
	media: Readonly<Record<string, readonly NamedMediaValue[]>>;
}

export interface NamedMediaValue extends MediaValue {
	/** Form field of a file of a slot with `isNamed`. */
	formField?: string;
}
