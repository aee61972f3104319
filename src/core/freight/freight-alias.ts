import { sha1 } from '../sha1.ts';

/** A name for people, adjective and animal, that the same Freight always gets again. Used when none was given. */
export function freightAlias(name: string): string {
  const digest = sha1(name);
  const pick = (words: readonly string[], at: number) =>
    words[parseInt(digest.slice(at, at + 8), 16) % words.length]!;
  return `${pick(adjectives, 0)}-${pick(animals, 8)}`;
}

// The order is part of the promise: appending or sorting would rename what people already know.
const adjectives =
  words(`able agile airy alert amber ample apt arctic autumn azure bold brave breezy bright brisk
  bronze calm candid cheery chilly clever cobalt coral cosy crimson crisp curious dapper daring deft dewy early earnest
  eager easy elegant emerald fabled fair fancy fearless fine fleet fluffy fond frank free fresh frosty gallant gentle
  giddy gilded glad golden graceful grand happy hardy hearty honest humble icy indigo ivory jade jolly jovial keen kind
  leafy lively loyal lucid lucky lunar maple marble mellow merry mighty misty modest mossy neat nimble noble olive opal
  patient peppy placid plucky polite proud quick quiet rapid ready regal rosy rugged rustic sage scarlet serene sharp
  silent silver snowy solar solid spry stark steady stellar sunny sure swift tame tidy tranquil trusty upbeat urban
  valiant velvet vivid warm wise witty young zesty`);

const animals =
  words(`adder albatross alpaca ant anteater antelope armadillo badger bat bear beaver bee beetle bison
  boar bobcat buffalo butterfly buzzard camel caribou cat chameleon cheetah chinchilla chipmunk cicada clam cobra cod
  condor cougar coyote crab crane cricket crow deer dingo dolphin donkey dove dragonfly duck eagle echidna eel egret elk
  emu falcon ferret finch firefly flamingo fox frog gazelle gecko gibbon giraffe goat goose gopher gull hamster hare
  hawk hedgehog heron hippo hornet horse hyena ibex ibis iguana impala jackal jaguar jay kestrel kingfisher kiwi koala
  ladybird lark lemur leopard lion lizard llama lobster lynx macaw magpie manatee mantis marmot marten meerkat mole
  mongoose moose moth mouse mule narwhal newt ocelot octopus opossum orca oriole osprey ostrich otter owl ox oyster
  panda panther parrot partridge pelican penguin pheasant pigeon pony porcupine puffin puma quail quokka rabbit raccoon
  ram raven robin salmon seal shark sheep shrew skunk sloth snail sparrow spider squid squirrel starling stoat stork
  swallow swan tapir tiger toad tortoise toucan trout turkey turtle viper vole walrus wasp weasel whale wolf wombat
  woodpecker wren yak zebra`);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
