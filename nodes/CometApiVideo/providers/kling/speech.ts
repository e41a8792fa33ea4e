/** Speech of a text. */
import { InvalidInputError } from '../../task/errors';
import { asText } from '../../task/asText';
import type { VideoField, VideoMode } from '../types';
import { klingRequest, textField } from './klingFields';

const MAX_TEXT = 1000;
const OTHER = 'other';

/**
 * English voices. Names and IDs are those of third-party clients of Kling; CometAPI's pages list none, and none was tried there.
 * "Other (By ID)" is therefore always in the list.
 */
const VOICES: ReadonlyArray<[name: string, value: string]> = [
	['Ace', 'AOT'],
	['Anchor', 'oversea_male1'],
	['Beacon', 'ai_huangzhong_712'],
	['Blossom', 'ai_shatang'],
	['Bud', 'uk_boy1'],
	['Commercial Lady', 'commercial_lady_en_f-v1'],
	['Crag', 'uk_man2'],
	['Dove', 'genshin_kirara'],
	['Grace', 'chengshu_jiejie'],
	['Hearth', 'heainainai_speech02'],
	['Helen', 'you_pingjing'],
	['Lore', 'calm_story1'],
	['Lyric', 'ai_chenjiahao_712'],
	['Melody', 'girlfriend_4_speech02'],
	['Peppy', 'genshin_klee2'],
	['Prattle', 'laopopo_speech02'],
	['Rock', 'ai_huangyaoshi_712'],
	['Sage', 'zhinen_xuesheng'],
	['Shine', 'ai_kaiya'],
	['Siren', 'chat_0407_5-1'],
	['Sprite', 'cartoon-girl-01'],
	['Sunny', 'genshin_vindi2'],
	['Tender', 'chat1_female_new-3'],
	['The Reader', 'reader_en_m-v1'],
	['Titan', 'ai_laoguowang_712'],
	['Zippy', 'cartoon-boy-07'],
];

const VOICE_OPTIONS = [
	...VOICES.map(([name, value]) => ({ name, value })),
	{ name: 'Other (By ID)', value: OTHER, description: 'Also for voices that speak Chinese' },
];

const VOICE: VideoField = {
	property: {
		displayName: 'Voice',
		name: 'voice',
		type: 'options',
		options: VOICE_OPTIONS,
		default: 'oversea_male1',
		description: 'Who speaks. A voice that Kling has withdrawn is refused.',
	},
	placement: 'panel',
	sendAs: 'voice_id',
	encode: (voice, { voiceId }) => (voice === OTHER ? asText(voiceId).trim() : (voice as string)),
};

export const textToSpeech: VideoMode = {
	id: 'textToSpeech',
	job: 'audio.generateSpeech',
	displayName: 'Text to Speech',
	description: 'Speak a text; the result is a sound for Avatar and Lip Sync',
	models: [],
	prompt: 'none',
	fields: [
		VOICE,
		{
			...textField({
				displayName: 'Voice ID',
				name: 'voiceId',
				sendAs: null,
				required: true,
				placeholder: 'e.g. oversea_male1',
				description: "One of Kling's voices; it must speak the chosen language",
			}),
			when: { field: 'voice', is: [OTHER] },
		},
		{
			property: {
				displayName: 'Voice Language',
				name: 'voiceLanguage',
				type: 'options',
				options: [
					{ name: 'Chinese', value: 'zh' },
					{ name: 'English', value: 'en' },
				],
				default: 'en',
				description: 'Language of the text',
			},
			placement: 'panel',
			sendAs: 'voice_language',
		},
		speechText(),
		{
			property: {
				displayName: 'Voice Speed',
				name: 'voiceSpeed',
				type: 'number',
				typeOptions: { minValue: 0.8, maxValue: 2, numberPrecision: 1 },
				default: 1,
				description: 'Speed of the speech, 0.8 to 2',
			},
			placement: 'options',
			sendAs: 'voice_speed',
		},
	],
	media: [],
	check({ values }) {
		const { length } = asText(values.text);
		if (length > MAX_TEXT) {
			throw new InvalidInputError(
				`Text has ${length} characters`,
				`Allowed: at most ${MAX_TEXT}. Split it into several items.`,
			);
		}
	},
	buildRequest: klingRequest('/audio/tts'),
};

function speechText(): VideoField {
	const field = textField({
		displayName: 'Text',
		name: 'text',
		sendAs: 'text',
		required: true,
		placeholder: 'e.g. Welcome to our spring sale',
		description: `What is said, at most ${MAX_TEXT} characters`,
	});
	return { ...field, property: { ...field.property, typeOptions: { rows: 4 } } };
}
