/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.outbox.autoconfigure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.context.ApplicationListener;
import org.springframework.core.env.Environment;

/**
 * Warns of properties below {@code outbox} that are not the outbox's, and says which one
 * may be meant. A misspelt property would leave its default in force without a word. The
 * start goes on: an application may have properties of its own there.
 * <p>
 * Before the beans are created, so that the warning is there also when the start fails
 * because of what is missing. Environment variables and system properties are left alone:
 * many of them are not the application's.
 */
final class UnknownPropertiesListener implements ApplicationListener<ApplicationPreparedEvent> {

	private static final Logger logger = LoggerFactory.getLogger(UnknownPropertiesListener.class);

	private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("outbox");

	private static final ConfigurationPropertyName INSTANCES = ROOT.append("instances");

	/** What differs in more characters is something else. */
	private static final int MOST_DIFFERENCES = 3;

	@Override
	public void onApplicationEvent(ApplicationPreparedEvent event) {
		Environment environment = event.getApplicationContext().getEnvironment();
		TreeMap<ConfigurationPropertyName, ConfigurationProperty> set = properties(environment);
		Set<ConfigurationPropertyName> known = known(environment, set.keySet());
		set.forEach((name, property) -> {
			if (!known.contains(name)) {
				logger.warn("The outbox does not read the property '{}' ({}){}", name,
						(property.getOrigin() != null) ? property.getOrigin() : property.getSource(),
						similar(name, known).map((other) -> ". Is '" + other + "' meant?").orElse(""));
			}
		});
	}

	private static TreeMap<ConfigurationPropertyName, ConfigurationProperty> properties(Environment environment) {
		TreeMap<ConfigurationPropertyName, ConfigurationProperty> properties = new TreeMap<>();
		UnboundElementsSourceFilter filter = new UnboundElementsSourceFilter();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource names && filter.apply(source)) {
				names.stream().filter(ROOT::isAncestorOf).forEach((name) -> {
					ConfigurationProperty property = source.getConfigurationProperty(name);
					if (property != null) {
						properties.putIfAbsent(name, property);
					}
				});
			}
		}
		return properties;
	}

	/**
	 * Bind the properties once more, and note what is asked for on the way.
	 */
	private static Set<ConfigurationPropertyName> known(Environment environment, Set<ConfigurationPropertyName> set) {
		List<ConfigurationPropertySource> sources = new ArrayList<>();
		ConfigurationPropertySources.get(environment).forEach(sources::add);
		// It may have any name: a group of properties is asked for although none is set.
		sources.add((name) -> null);
		Binder binder = new Binder(sources, new PropertySourcesPlaceholdersResolver(environment));
		Asked asked = new Asked();
		Stream<ConfigurationPropertyName> outboxes = set.stream().map(UnknownPropertiesListener::outboxOf);
		Stream.concat(Stream.of(ROOT), outboxes).distinct().forEach((outbox) -> {
			try {
				binder.bind(outbox, Bindable.of(OutboxProperties.class), asked);
			}
			catch (RuntimeException ex) {
				// A value that cannot be used is reported when it is bound for use.
				logger.trace("{} cannot be bound", outbox, ex);
			}
		});
		return asked.names;
	}

	/**
	 * A name that differs in few characters, or the only one with the same last word.
	 */
	private static Optional<ConfigurationPropertyName> similar(ConfigurationPropertyName name,
			Set<ConfigurationPropertyName> known) {
		List<ConfigurationPropertyName> candidates = known.stream()
			.filter((other) -> isOfSameOutbox(name, other))
			.sorted(Comparator.comparingInt((other) -> distance(name.toString(), other.toString())))
			.toList();
		return candidates.stream()
			.filter((other) -> distance(name.toString(), other.toString()) <= MOST_DIFFERENCES)
			.findFirst()
			.or(() -> only(candidates.stream().filter((other) -> lastWord(other).equals(lastWord(name))).toList()));
	}

	private static Optional<ConfigurationPropertyName> only(List<ConfigurationPropertyName> names) {
		return (names.size() == 1) ? Optional.of(names.get(0)) : Optional.empty();
	}

	private static String lastWord(ConfigurationPropertyName name) {
		return name.getLastElement(ConfigurationPropertyName.Form.UNIFORM);
	}

	private static boolean isOfSameOutbox(ConfigurationPropertyName name, ConfigurationPropertyName other) {
		return outboxOf(other).equals(outboxOf(name));
	}

	private static ConfigurationPropertyName outboxOf(ConfigurationPropertyName name) {
		return INSTANCES.isAncestorOf(name) ? name.chop(INSTANCES.getNumberOfElements() + 1) : ROOT;
	}

	/**
	 * How many characters have to be inserted, removed or replaced (Levenshtein).
	 */
	private static int distance(String left, String right) {
		int[] row = new int[right.length() + 1];
		for (int j = 0; j <= right.length(); j++) {
			row[j] = j;
		}
		for (int i = 1; i <= left.length(); i++) {
			int diagonal = row[0];
			row[0] = i;
			for (int j = 1; j <= right.length(); j++) {
				int replaced = diagonal + ((left.charAt(i - 1) != right.charAt(j - 1)) ? 1 : 0);
				diagonal = row[j];
				row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
			}
		}
		return row[right.length()];
	}

	/**
	 * Notes the names that are asked for, whether or not there is a value.
	 */
	private static final class Asked implements BindHandler {

		private final Set<ConfigurationPropertyName> names = new HashSet<>();

		@Override
		public <T> Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target, BindContext context) {
			this.names.add(name);
			return target;
		}

		@Override
		public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
				Exception error) {
			return null;
		}

	}

}
