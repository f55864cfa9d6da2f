package masthead.analysis;

import java.io.Reader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.compound.DictionaryCompoundWordTokenFilter;
import org.apache.lucene.analysis.core.KeywordTokenizer;
import org.apache.lucene.analysis.de.GermanLightStemFilter;
import org.apache.lucene.analysis.de.GermanMinimalStemFilter;
import org.apache.lucene.analysis.de.GermanNormalizationFilter;
import org.apache.lucene.analysis.en.EnglishMinimalStemFilter;
import org.apache.lucene.analysis.en.EnglishPossessiveFilter;
import org.apache.lucene.analysis.en.KStemFilter;
import org.apache.lucene.analysis.en.PorterStemFilter;
import org.apache.lucene.analysis.miscellaneous.ASCIIFoldingFilter;
import org.apache.lucene.analysis.ngram.EdgeNGramTokenFilter;
import org.apache.lucene.analysis.pattern.PatternReplaceCharFilter;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.index.analysis.AbstractCharFilterFactory;
import org.elasticsearch.index.analysis.AbstractTokenFilterFactory;
import org.elasticsearch.index.analysis.CharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingCharFilterFactory;
import org.elasticsearch.index.analysis.NormalizingTokenFilterFactory;
import org.elasticsearch.index.analysis.TokenFilterFactory;
import org.elasticsearch.index.analysis.TokenizerFactory;
import org.elasticsearch.indices.analysis.AnalysisModule.AnalysisProvider;
import org.elasticsearch.plugins.AnalysisPlugin;
import org.elasticsearch.plugins.Plugin;

/**
 * The parts of Elasticsearch's module analysis-common that our mappings use, with the same names and settings.
 *
 * <p>The module itself is not on Maven Central; what it wraps is Lucene's own and is. Index settings that work here work
 * on a stock server: tests hold each filter to the output that Elastic's reference gives for it.
 */
public final class CommonAnalysisPlugin extends Plugin implements AnalysisPlugin {

    @Override
    public Map<String, AnalysisProvider<TokenFilterFactory>> getTokenFilters() {
        Map<String, AnalysisProvider<TokenFilterFactory>> filters = new HashMap<>();
        filters.put("asciifolding", normalizing(CommonAnalysisPlugin::folding));
        filters.put("german_normalization", normalizing((input, settings) -> new GermanNormalizationFilter(input)));
        filters.put("edge_ngram", plain(CommonAnalysisPlugin::edges));
        filters.put("stemmer", plain(CommonAnalysisPlugin::stemmer));
        filters.put("dictionary_decompounder", AnalysisPlugin.requiresAnalysisSettings(plain(CommonAnalysisPlugin::decompounder)));
        return filters;
    }

    @Override
    public Map<String, AnalysisProvider<CharFilterFactory>> getCharFilters() {
        AnalysisProvider<CharFilterFactory> replace = (index, environment, name, settings) -> new PatternReplace(
            name,
            required(settings, "pattern"),
            settings.get("replacement", "")
        );
        return Map.of("pattern_replace", AnalysisPlugin.requiresAnalysisSettings(replace));
    }

    @Override
    public Map<String, AnalysisProvider<TokenizerFactory>> getTokenizers() {
        return Map.of("keyword", (index, environment, name, settings) -> TokenizerFactory.newFactory(name, KeywordTokenizer::new));
    }

    private static TokenStream folding(TokenStream input, Settings settings) {
        return new ASCIIFoldingFilter(input, settings.getAsBoolean("preserve_original", false));
    }

    private static TokenStream edges(TokenStream input, Settings settings) {
        return new EdgeNGramTokenFilter(
            input,
            settings.getAsInt("min_gram", 1),
            settings.getAsInt("max_gram", 2),
            settings.getAsBoolean("preserve_original", false)
        );
    }

    private static TokenStream stemmer(TokenStream input, Settings settings) {
        String language = settings.get("language", settings.get("name", "english"));
        return switch (language) {
            case "english" -> new PorterStemFilter(input);
            case "light_english" -> new KStemFilter(input);
            case "minimal_english" -> new EnglishMinimalStemFilter(input);
            case "possessive_english" -> new EnglishPossessiveFilter(input);
            case "light_german" -> new GermanLightStemFilter(input);
            case "minimal_german" -> new GermanMinimalStemFilter(input);
            default -> throw new IllegalArgumentException(
                "this node has no stemmer [" + language + "]: add it to CommonAnalysisPlugin"
            );
        };
    }

    private static TokenStream decompounder(TokenStream input, Settings settings) {
        List<String> words = settings.getAsList("word_list");
        if (words.isEmpty()) {
            throw new IllegalArgumentException("dictionary_decompounder needs a word_list");
        }
        return new DictionaryCompoundWordTokenFilter(
            input,
            new CharArraySet(words, false),
            settings.getAsInt("min_word_size", 5),
            settings.getAsInt("min_subword_size", 2),
            settings.getAsInt("max_subword_size", 15),
            settings.getAsBoolean("only_longest_match", false)
        );
    }

    private static String required(Settings settings, String name) {
        String value = settings.get(name);
        if (value == null) {
            throw new IllegalArgumentException("pattern_replace needs a " + name);
        }
        return value;
    }

    private static AnalysisProvider<TokenFilterFactory> plain(BiFunction<TokenStream, Settings, TokenStream> wrap) {
        return (index, environment, name, settings) -> new Plain(name, settings, wrap);
    }

    private static AnalysisProvider<TokenFilterFactory> normalizing(BiFunction<TokenStream, Settings, TokenStream> wrap) {
        return (index, environment, name, settings) -> new Normalizing(name, settings, wrap);
    }

    private static class Plain extends AbstractTokenFilterFactory {
        private final Settings settings;
        private final BiFunction<TokenStream, Settings, TokenStream> wrap;

        Plain(String name, Settings settings, BiFunction<TokenStream, Settings, TokenStream> wrap) {
            super(name);
            this.settings = settings;
            this.wrap = wrap;
        }

        @Override
        public TokenStream create(TokenStream input) {
            return wrap.apply(input, settings);
        }
    }

    /** One that changes single characters, and so may stand in a keyword field's normalizer. */
    private static final class Normalizing extends Plain implements NormalizingTokenFilterFactory {
        Normalizing(String name, Settings settings, BiFunction<TokenStream, Settings, TokenStream> wrap) {
            super(name, settings, wrap);
        }
    }

    private static final class PatternReplace extends AbstractCharFilterFactory implements NormalizingCharFilterFactory {
        private final Pattern pattern;
        private final String replacement;

        PatternReplace(String name, String pattern, String replacement) {
            super(name);
            this.pattern = Pattern.compile(pattern);
            this.replacement = replacement;
        }

        @Override
        public Reader create(Reader input) {
            return new PatternReplaceCharFilter(pattern, replacement, input);
        }
    }
}
