import { expect, it } from 'vitest';
import { readConformance } from '../../../appliance/trial/conformance.ts';

const SAID = `

     CUnit - A unit testing framework for C - Version 2.1-3
     http://cunit.sourceforge.net/


Suite: CompareAndWrite
  Test: Simple ...FAILED
    1. test_compareandwrite_simple.c:63  - CU_ASSERT_EQUAL(__tres,0)
    2. test_compareandwrite_simple.c:97  - CU_ASSERT_EQUAL(__tres,0)
  Test: DpoFua ...passed
Suite: Mandatory
  Test: MandatorySBC ...    [SKIPPED] this one says more
    [FAILED] so does this one
passed
  Test: Other ...    [FAILED] COMMAND failed with sense 0x5
FAILED
    1. other.c:4  - x

Run Summary:    Type  Total    Ran Passed Failed Inactive
              suites     66      2    n/a      0        0
               tests    230      4      2      2        0
             asserts  11000  11000  10990     10      n/a

Elapsed time =    1.000 seconds
`;

it('what libiscsi’s tests say is read with the suite of each, and with their own count', () => {
  expect(readConformance(SAID)).toEqual({
    ran: 4,
    failed: ['CompareAndWrite.Simple', 'Mandatory.Other'],
    counted: { ran: 4, failed: 2 },
  });
});

it('a run that broke off has no count', () => {
  expect(readConformance(SAID.slice(0, SAID.indexOf('Run Summary')))).toMatchObject({ counted: undefined });
});
