package dev.graft.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LedgerTextTest {
  @Test
  void of_chain_addsUpAndSaysWhatIsNotKnown() {
    assertThat(LedgerText.of(Ledgers.chain()))
        .isEqualToNormalizingNewlines(
            """
               run          tokens  learnt     FLOP        time    energy    share
            1  not known         -       -        -           -         -        -
            2  sft (lora)    5,120   4,000  7.00e15  3 min 20 s  1.12 Wh*   99.9 %
            3  sft (lora)    5,120   4,000  7.00e12  3 min 20 s  1.12 Wh*  0.100 %
               total known  10,240   8,000  7.01e15  6 min 40 s  2.24 Wh*  100.0 %

            1  owner/base: made without a ledger

            2  from models/a, builds on 1
               2030-01-31T12:00:00Z to 2030-01-31T13:00:00Z, 2 sittings, 20 steps, 80 examples
               graft 1.2.3 on Processor X, 4 threads, at most 1.50 GiB of memory
               evaluations took 12.5 % of the FLOP and 10.3 % of the time
               lost by a kill and made again, not counted above: 3 steps, 1.00e9 FLOP, 2.5 s

            3  from models/b, builds on 2
               2030-01-31T12:00:00Z to 2030-01-31T13:00:00Z, 2 sittings, 20 steps, 80 examples
               graft 1.2.3 on Processor X, 4 threads, at most 1.50 GiB of memory
               evaluations took 12.5 % of the FLOP and 10.3 % of the time
               lost by a kill and made again, not counted above: 3 steps, 1.00e9 FLOP, 2.5 s

            The last run took 0.100 % of the FLOP of those before it.
            What is not known is not in the total: it is the least that was spent.
            Share is of the FLOP, which are those of matrix products as they were executed.
            * estimated, at least in part: 5 W for each processor while it computed; energy could not be measured.
            """);
  }

  @Test
  void of_nothing_isATotalOfNothing() {
    assertThat(LedgerText.of(Ledger.EMPTY)).contains("total").doesNotContain("NaN");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "3.204e15,3.20e15", "5,5.00e0", "1e100,1.00e100", "0.02,2.00e-2"})
  void number_isShort(double value, String text) {
    assertThat(Units.number(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0.0 s",
    "9.94,9.9 s",
    "9.96,10 s",
    "59.4,59 s",
    "59.6,1 min 00 s",
    "3599.6,1 h 00 min",
    "7500,2 h 05 min",
    "86399,1 d 0 h",
    "1e9,11574 d 2 h"
  })
  void time_isShort(double seconds, String text) {
    assertThat(Units.time(seconds)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"0,0.00 J", "99.96,100 J", "3600,1.00 Wh", "44280,12.3 Wh", "3.6e9,1000 kWh"})
  void energy_isShort(double joules, String text) {
    assertThat(Units.energy(joules)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"12345;12,345", "12345678;12.3 M", "999600000;1.00 G", "7000000000000000;7000 T"})
  void count_isShort(long n, String text) {
    assertThat(Units.count(n)).isEqualTo(text);
  }
}
