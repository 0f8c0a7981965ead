"""Dated policy, township reports with their scans, monthly runs, revisions and lines, seals and issued sheets."""

from subsidies.models.kept import KeptStaffing, SheetFile, SheetFileQuerySet
from subsidies.models.old_differences import OldDifference, OldDifferenceQuerySet
from subsidies.models.policy import (
    FundSource,
    HouseholdBand,
    MinimumWage,
    RetirementAge,
    StandardFunding,
    SubsidyStandard,
)
from subsidies.models.reports import Acknowledgement, AcknowledgementQuerySet, TownshipReport, TownshipReportQuerySet
from subsidies.models.runs import (
    Adjustment,
    AdjustmentLine,
    AdjustmentLineQuerySet,
    AdjustmentQuerySet,
    Allocation,
    AllocationLine,
    AllocationLineQuerySet,
    AllocationQuerySet,
    Explanation,
    LedgerParameters,
    Revision,
    SubsidyRun,
)
from subsidies.models.scans import ReportScan, ReportScanQuerySet

__all__ = [
    "Acknowledgement",
    "AcknowledgementQuerySet",
    "Adjustment",
    "AdjustmentLine",
    "AdjustmentLineQuerySet",
    "AdjustmentQuerySet",
    "Allocation",
    "AllocationLine",
    "AllocationLineQuerySet",
    "AllocationQuerySet",
    "Explanation",
    "FundSource",
    "HouseholdBand",
    "KeptStaffing",
    "LedgerParameters",
    "MinimumWage",
    "OldDifference",
    "OldDifferenceQuerySet",
    "ReportScan",
    "ReportScanQuerySet",
    "RetirementAge",
    "Revision",
    "SheetFile",
    "SheetFileQuerySet",
    "StandardFunding",
    "SubsidyRun",
    "SubsidyStandard",
    "TownshipReport",
    "TownshipReportQuerySet",
]
