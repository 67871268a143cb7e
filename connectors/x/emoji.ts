// The emoji that X counts as one, after the list of its own counting library (twemoji-parser 11): newer sequences count by their parts.

/** Emoji of later lists that take no skin tone in X's: 👪 👫 🤝 and others. */
const plainPeople =
  '\u{1f46a}-\u{1f46d}\u{1f46f}\u{1f48f}\u{1f491}\u{1f90c}\u{1f90f}\u{1f91d}\u{1f93c}\u{1f977}\u{1f9bb}\u{1f9cd}-\u{1f9cf}\u{1fac3}-\u{1faff}'
/** Coloured already without a variation selector, and allowed to have one all the same: ⌚ ☔ ⚡ ⭐ and others. */
const colouredAnyway =
  '\u{231a}\u{231b}\u{25fd}\u{25fe}\u{2614}\u{2615}\u{2648}-\u{2653}\u{267f}\u{2693}\u{26a1}\u{26aa}\u{26ab}\u{26bd}\u{26be}\u{26c4}\u{26c5}' +
  '\u{26d4}\u{26ea}\u{26f2}\u{26f3}\u{26f5}\u{26fa}\u{26fd}\u{2757}\u{2b1b}\u{2b1c}\u{2b50}\u{2b55}\u{1f004}\u{1f21a}\u{1f22f}'
/** 🏃 🏄 🏊 👮 👱 👳 👷 💁 💂 💆 💇 🙅–🙇 🙋 🙍 🙎 🚣 🚴–🚶 🤦 🤵 🤷–🤹 🤽 🤾 🦸 🦹 🧖–🧝, each as a woman or a man. */
const byGender =
  '\u{1f3c3}\u{1f3c4}\u{1f3ca}\u{1f46e}\u{1f471}\u{1f473}\u{1f477}\u{1f481}\u{1f482}\u{1f486}\u{1f487}\u{1f645}-\u{1f647}\u{1f64b}\u{1f64d}' +
  '\u{1f64e}\u{1f6a3}\u{1f6b4}-\u{1f6b6}\u{1f926}\u{1f935}\u{1f937}-\u{1f939}\u{1f93d}\u{1f93e}\u{1f9b8}\u{1f9b9}\u{1f9d6}-\u{1f9dd}'

const joined = [
  // 👩‍🚒 👨‍⚕️ 👩🏽‍🦰: a trade or hair
  String.raw`[👨👩]\p{Emoji_Modifier}?\u200d(?:[⚕⚖✈]\ufe0f|[🌾🍳🎓🎤🎨🏫🏭💻💼🔧🔬🚀🚒🦰-🦳])`,
  String.raw`(?:[🏋🏌🕴🕵⛹](?:\p{Emoji_Modifier}|\ufe0f)|[${byGender}]\p{Emoji_Modifier}?|[👯🤼🧞🧟])\u200d[♀♂]\ufe0f`,
  // couples, then families with one child or two
  String.raw`(?:👨\u200d❤\ufe0f\u200d(?:💋\u200d)?👨|👩\u200d❤\ufe0f\u200d(?:💋\u200d)?[👨👩])`,
  String.raw`(?:👨\u200d(?:[👨👩]\u200d)?|👩\u200d(?:👩\u200d)?)(?:👦\u200d👦|👧\u200d[👦👧]|[👦👧])`,
  String.raw`🏳\ufe0f\u200d🌈|🏴\u200d☠\ufe0f|👁\u200d🗨`,
]

const alone = [
  String.raw`[#*0-9]\ufe0f?\u20e3`,
  String.raw`(?!🇨🇶)\p{RGI_Emoji_Flag_Sequence}`,
  String.raw`\p{RGI_Emoji_Tag_Sequence}`,
  String.raw`[\p{Emoji_Modifier_Base}--[${plainPeople}]]\p{Emoji_Modifier}`,
  String.raw`[[\p{Emoji}--\p{Emoji_Presentation}--[#*0-9\u{267e}\u{26a7}]][${colouredAnyway}]]\ufe0f`,
]

/** Emoji made of several characters that count as one; one that is a single character counts as much anyhow. */
export const emojiSequence = new RegExp([...joined, ...alone].join('|'), 'gv')
