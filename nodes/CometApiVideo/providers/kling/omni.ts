/** Omni video: pictures, elements and a video as references or base, in one request. */
import type { IDataObject } from 'n8n-workflow';
import { InvalidInputError } from '../../task/errors';
import type { MediaPart } from '../../task/types';
import { readShots } from '../fields';
import type { GenerateInput, VideoMode } from '../types';
import {
	ASPECT_RATIO,
	CALLBACK_URL,
	EXTERNAL_TASK_ID,
	WATERMARK,
	durationField,
	idList,
	isGiven,
	klingBody,
	klingImageSlot,
	klingVideoSlot,
	qualityField,
	soundField,
	textField,
} from './klingFields';
import { KLING } from './klingTaskApi';
import { SHOTS, multiShotBody } from './shots';
import { asText } from '../../task/asText';

const O1 = 'kling-video-o1';
const V3_OMNI = 'kling-v3-omni';

/** Pictures and elements together, without and with a video: Kling's own limits. */
const MAX_REFERENCES = 7;
const MAX_REFERENCES_WITH_VIDEO = 4;

export const omniVideo: VideoMode = {
	id: 'omniVideo',
	job: 'video.generate',
	displayName: 'Omni Video',
	description: 'Create or change a video with pictures, elements and another video as references',
	models: [
		{ id: O1, displayName: 'Kling Video O1' },
		{ id: V3_OMNI, displayName: 'Kling 3 Omni' },
	],
	prompt: 'optional',
	fields: [
		durationField([5, 10], [O1], [3, 4, 6, 7, 8, 9]),
		durationField([5, 10], [V3_OMNI], [3, 4, 6, 7, 8, 9, 11, 12, 13, 14, 15]),
		ASPECT_RATIO,
		qualityField(undefined, 'pro'),
		soundField(),
		{
			property: {
				displayName: 'Video Use',
				name: 'videoUse',
				type: 'options',
				options: [
					{ name: 'Base', value: 'base', description: 'Change this video' },
					{
						name: 'Reference',
						value: 'feature',
						description: 'Take style or motion from it; may be refused',
					},
				],
				default: 'base',
				description: 'What the video is for, if one is given',
			},
			placement: 'panel',
			sendAs: null,
		},
		textField({
			displayName: 'Element IDs',
			name: 'elementIds',
			sendAs: null,
			placement: 'options',
			placeholder: 'e.g. 160, 161',
			description: 'Elements of the Kling library; the prompt calls them &lt;&lt;&lt;element_1&gt;&gt;&gt; and so on',
		}),
		{
			property: {
				displayName: 'Keep Original Sound',
				name: 'keepOriginalSound',
				type: 'boolean',
				default: true,
				description: 'Whether the sound of the given video is kept',
			},
			placement: 'options',
			sendAs: null,
		},
		SHOTS,
		WATERMARK,
		CALLBACK_URL,
		EXTERNAL_TASK_ID,
	],
	media: [
		klingImageSlot({
			name: 'images',
			displayName: 'Images',
			description:
				'Pictures that the prompt calls &lt;&lt;&lt;image_1&gt;&gt;&gt;, &lt;&lt;&lt;image_2&gt;&gt;&gt; and so on (JPEG or PNG)',
			sendAs: null,
			required: false,
			maxCount: MAX_REFERENCES,
		}),
		klingImageSlot({
			name: 'firstFrame',
			displayName: 'First Frame',
			description: 'Picture that the video begins with',
			sendAs: null,
			required: false,
		}),
		klingImageSlot({
			name: 'endFrame',
			displayName: 'End Frame',
			description: 'Picture that the video ends with; needs a first frame',
			sendAs: null,
			required: false,
		}),
		klingVideoSlot(
			'Video to change or to learn from: MP4 or MOV, 3 to 10 seconds. The prompt calls it &lt;&lt;&lt;video_1&gt;&gt;&gt;.',
			[],
			null,
		),
	],
	check: assertReferences,
	buildRequest(input, mode) {
		const elements = idList(input.values.elementIds, 'element_id');
		const { media, list } = imageList(input);
		const videos = (input.media.video ?? []).map((value): MediaPart => ({
			field: 'video_list.0.video_url',
			value,
			encoding: 'url',
		}));
		const videoList = [
			{
				refer_type: asText(input.values.videoUse ?? 'base'),
				keep_original_sound: input.values.keepOriginalSound === false ? 'no' : 'yes',
			},
		];
		return {
			path: `${KLING}/videos/omni-video`,
			encoding: 'json',
			body: {
				...withoutSurplusRatio(klingBody(input, mode), input),
				...multiShotBody(input),
				...(list.length > 0 ? { image_list: list } : {}),
				...(elements.length > 0 ? { element_list: elements } : {}),
				...(videos.length > 0 ? { video_list: videoList } : {}),
			},
			media: [...media, ...videos],
		};
	},
};

/** A first frame or a video to change has a shape already. */
function hasShape({ media, values }: GenerateInput): boolean {
	return (media.firstFrame ?? []).length > 0 || ((media.video ?? []).length > 0 && values.videoUse !== 'feature');
}

function withoutSurplusRatio({ aspect_ratio: ratio, ...body }: IDataObject, input: GenerateInput): IDataObject {
	return hasShape(input) ? body : { ...body, aspect_ratio: ratio };
}

/** Reference pictures come first, so that <<<image_1>>> is the first of them; then the frames. */
function imageList({ media }: GenerateInput): { media: MediaPart[]; list: IDataObject[] } {
	const entries = [
		...(media.images ?? []).map((value) => ({ value, type: undefined })),
		...(media.firstFrame ?? []).map((value) => ({ value, type: 'first_frame' })),
		...(media.endFrame ?? []).map((value) => ({ value, type: 'end_frame' })),
	];
	return {
		list: entries.map(({ type }) => (type ? { type } : {})),
		media: entries.map(({ value }, index) => ({
			field: `image_list.${index}.image_url`,
			value,
			encoding: value.url ? 'url' : 'base64',
		})),
	};
}

/** With a reference it takes 3 to 10 seconds: https://apidoc.cometapi.com/api/video/kling/omni-video */
const O1_SECONDS_ALONE = [5, 10];

/** @throws InvalidInputError for what would be dropped, or refused after the create */
function assertUse(input: GenerateInput) {
	const { media, values, model } = input;
	const hasVideo = (media.video ?? []).length > 0;
	if (!hasVideo && values.videoUse === 'feature') {
		throw new InvalidInputError(
			'Video Use is Reference, but no Video is given',
			'Give a video, or set Video Use to Base.',
		);
	}
	if (!hasVideo && typeof values.keepOriginalSound === 'boolean') {
		throw new InvalidInputError(
			'Keep Original Sound is set, but no Video is given',
			'Give a video, or remove the option Keep Original Sound.',
		);
	}
	if (hasShape(input) && values.aspectRatio !== ASPECT_RATIO.property.default) {
		throw new InvalidInputError(
			`Aspect Ratio cannot be ${String(values.aspectRatio)} together with a First Frame or a Video to change`,
			'The video takes its shape from that. Set Aspect Ratio to Landscape 16:9, which is then left out.',
		);
	}
	const isAlone = !hasVideo && (media.images ?? []).length === 0 && !isGiven(values.elementIds);
	if (model === O1 && isAlone && !O1_SECONDS_ALONE.includes(Number(values.seconds))) {
		throw new InvalidInputError(
			`Duration cannot be ${String(values.seconds)} seconds with the model ${O1} without a reference`,
			`Allowed: ${O1_SECONDS_ALONE.join(', ')}; other lengths need Images, Element IDs or a Video.`,
		);
	}
}

function assertReferences(input: GenerateInput) {
	const { media, values, prompt } = input;
	assertUse(input);
	if (prompt.trim() === '' && readShots(input).length === 0) {
		throw new InvalidInputError('Prompt is empty', 'Omni Video needs a prompt, or Shots in the options.');
	}
	if ((media.endFrame ?? []).length > 0 && (media.firstFrame ?? []).length === 0) {
		throw new InvalidInputError('End Frame is given without First Frame', 'Give a first frame as well.');
	}
	const hasVideo = (media.video ?? []).length > 0;
	const max = hasVideo ? MAX_REFERENCES_WITH_VIDEO : MAX_REFERENCES;
	const pictures = ['images', 'firstFrame', 'endFrame'].flatMap((slot) => media[slot] ?? []);
	const count = pictures.length + idList(values.elementIds, 'element_id').length;
	if (count > max) {
		throw new InvalidInputError(
			`Images and Element IDs: ${count} pictures and elements are too many`,
			`Kling takes at most ${max}${hasVideo ? ' together with a video' : ''}.`,
		);
	}
	if (hasVideo && values.sound === 'on') {
		throw new InvalidInputError('Sound cannot be On together with a video', 'Set Sound to Off, or remove the video.');
	}
}
