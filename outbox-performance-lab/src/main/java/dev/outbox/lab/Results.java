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

package dev.outbox.lab;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * All figures of a run.
 */
final class Results {

	private final Options options;

	private final Map<LabCase, Map<ContenderSpec, Figures>> figures = new LinkedHashMap<>();

	private Map<String, String> machine = Map.of();

	Results(Options options, List<LabCase> cases) {
		this.options = options;
		cases.forEach((one) -> this.figures.put(one, new EnumMap<>(ContenderSpec.class)));
	}

	void machine(Map<String, String> machine) {
		this.machine = machine;
	}

	Map<String, String> machine() {
		return this.machine;
	}

	Options options() {
		return this.options;
	}

	Figures of(LabCase one, ContenderSpec spec) {
		return Objects.requireNonNull(this.figures.get(one)).computeIfAbsent(spec, (key) -> new Figures());
	}

	/**
	 * Return the cases that anybody was measured in.
	 */
	List<LabCase> cases() {
		return this.figures.keySet().stream().filter((one) -> !contenders(one).isEmpty()).toList();
	}

	Map<ContenderSpec, Figures> contenders(LabCase one) {
		return Objects.requireNonNull(this.figures.get(one));
	}

	/**
	 * Return each case in which the median of a peer is better than ours.
	 */
	List<Defeat> defeats() {
		List<Defeat> defeats = new ArrayList<>();
		for (LabCase one : cases()) {
			Figures ours = contenders(one).get(ContenderSpec.OURS);
			if (ours == null) {
				continue;
			}
			contenders(one).forEach((spec, figures) -> {
				double mine = ours.has(one.figure()) ? ours.median(one.figure()) : Double.NaN;
				double theirs = figures.median(one.figure());
				boolean alone = Double.isNaN(mine) && !Double.isNaN(theirs);
				if (spec.isPeer() && (alone || (one.higherIsBetter() ? theirs > mine : theirs < mine))) {
					defeats.add(new Defeat(one, spec, theirs, mine));
				}
			});
		}
		return defeats;
	}

	String toJson() {
		Map<String, Object> json = new LinkedHashMap<>();
		json.put("preset", this.options.preset().name());
		json.put("rounds", this.options.rounds());
		json.put("database", this.options.database());
		json.put("broker", this.options.broker());
		json.put("machine", this.machine);
		Map<String, Object> all = new LinkedHashMap<>();
		for (LabCase one : cases()) {
			Map<String, Object> contenders = new LinkedHashMap<>();
			contenders(one).forEach((spec, figures) -> contenders.put(spec.id(), figures.toJson()));
			all.put(one.name(), Map.of("title", one.title(), "figure", one.figure(), "contenders", contenders));
		}
		json.put("cases", all);
		json.put("peerWins", defeats().stream().map(Defeat::toJson).toList());
		return JsonMapper.builder()
			.enable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
			.build()
			.writeValueAsString(json) + "\n";
	}

	/**
	 * A case in which another library is better than this one.
	 *
	 * @param one the case
	 * @param winner who is better
	 * @param theirs the winner's figure
	 * @param ours our figure
	 */
	record Defeat(LabCase one, ContenderSpec winner, double theirs, double ours) {

		Map<String, Object> toJson() {
			return Map.of("case", this.one.name(), "figure", this.one.figure(), "winner", this.winner.id(), "theirs",
					Spread.round(this.theirs), "ours", Spread.round(this.ours));
		}

	}

}
